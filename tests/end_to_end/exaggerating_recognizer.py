"""Runs another recognizer and states a disagreement in its place: standard library only.

Called as ``exaggerating_recognizer.py DISAGREEMENT COMMAND...``.
"""

import json
import subprocess
import sys
import threading


def main(disagreement, *command):
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def forward():
        for line in sys.stdin:
            child.stdin.write(line)
            child.stdin.flush()
        child.stdin.close()

    threading.Thread(target=forward, daemon=True).start()
    for line in child.stdout:
        message = json.loads(line)
        if message["type"] == "opened":
            message["disagreement"] = float(disagreement)
        print(json.dumps(message), flush=True)
    sys.exit(child.wait())


if __name__ == "__main__":
    main(*sys.argv[1:])
