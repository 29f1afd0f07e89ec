#!/bin/sh
# Train cifar_resnet20_v2 on shapes10, with one frame of each clip.
# From a clone of the repository; elsewhere, set SCRIPTS to the folder of train_recognizer.py.
set -eu
PYTHON=${PYTHON:-python}
SCRIPTS=${SCRIPTS:-scripts/action-recognition}
DATA=${DATA:-shapes10/train} # the training clips, made where they are missing
OUT=${OUT:-trained/cifar_resnet20_v2_shapes10}

# The weights' last bits depend on the number of threads.
OMP_NUM_THREADS=1
export OMP_NUM_THREADS

TEST=$("$PYTHON" -c 'from sphinx_modelzoo.demo.locate import demo_manifest
print(demo_manifest().parent / "clips")')
test -f "$DATA/train.txt" ||
  "$PYTHON" -m sphinx_modelzoo.demo.generate --split train --out "$DATA"

"$PYTHON" "$SCRIPTS/train_recognizer.py" --dataset custom --num-classes 10 --video-loader \
  --data-dir "$DATA" --train-list "$DATA/train.txt" \
  --val-data-dir "$TEST" --val-list "$TEST/test.txt" \
  --model cifar_resnet20_v2 --input-size 32 --new-height 36 --new-width 48 \
  --num-epochs 15 --batch-size 16 --lr 0.05 --lr-mode cosine --seed 1 \
  --log-interval 0 --save-dir "$OUT" --logging-file cifar_resnet20_v2_shapes10.log

# The zoo's name of the weights is the network's with the data set's.
for file in "$OUT"/cifar_resnet20_v2-????????.params; do
  mv "$file" "$OUT/cifar_resnet20_v2_shapes10-${file##*-}"
done
