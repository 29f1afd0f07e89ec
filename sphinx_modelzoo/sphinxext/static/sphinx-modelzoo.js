/* Sorts, filters, shares and copies from the tables of a zoo, which are complete without it. */
(() => {
	"use strict";

	const FEW = 8; // Smaller tables need no filter.
	const SCREEN = 50; // Rows that are laid out at once ...
	const MANY = 300; // ... and after a pause; more when the reader asks.
	const PAUSE = 300; // Milliseconds.

	const tables = [];

	const make = (tag, properties, ...children) => {
		const element = Object.assign(document.createElement(tag), properties);
		element.append(...children);
		return element;
	};

	const button = (className, onclick, ...children) =>
		make("button", { type: "button", className, onclick }, ...children);

	/* Hide from the screen, not from paper. */
	const hide = (element, hidden) => element?.classList.toggle("zoo-off", hidden);

	const clean = (text) => (text ?? "").replace(/\s+/g, " ").trim();

	/* A text as it is searched: without case and accents. */
	const folded = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();

	const collator = (() => {
		try {
			return new Intl.Collator(document.documentElement.lang || [], { numeric: true });
		} catch {
			return new Intl.Collator([], { numeric: true }); // No language tag, as sr@latin.
		}
	})();

	const copy = async (text) => {
		try {
			await navigator.clipboard.writeText(text);
		} catch {
			// Plain HTTP has no clipboard.
			const area = make("textarea", { className: "zoo-unseen", value: text });
			const focused = document.activeElement;
			document.body.append(area);
			area.select();
			document.execCommand("copy");
			area.remove();
			focused.focus();
		}
	};

	class Column {
		constructor(head, index) {
			this.head = head;
			this.index = index;
			this.key = head.dataset.key || String(index);
			this.title = clean(head.textContent);
			this.numeric = head.dataset.sort === "number";
			this.hidden = false;
			this.chosen = new Set();
			this.choices = [];
		}

		value({ row }) {
			const cell = row.cells[this.index];
			const text = clean(cell?.dataset.sort ?? cell?.textContent);
			return this.numeric ? parseFloat(text.replace("\u2212", "-")) : text;
		}

		/* Rows by their values; blank ones are last, up or down. */
		order(rows, down) {
			const pairs = rows.map((row) => [this.value(row), row]);
			const full = pairs.filter(([value]) => value || value === 0);
			const blank = pairs.filter(([value]) => !value && value !== 0);
			const compare = this.numeric ? (a, b) => a - b : collator.compare;
			full.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
			return [...full, ...blank].map(([, row]) => row);
		}

		readChoices(rows) {
			const read = (cell) => (cell?.dataset.choice ?? clean(cell?.textContent)).split("|");
			this.ofRow = new Map(rows.map((one) => [one, read(one.row.cells[this.index])]));
			const all = [...new Set([...this.ofRow.values()].flat())];
			if (all.length > 1) this.choices = all.sort((a, b) => !a - !b || collator.compare(a, b));
		}

		fits(one) {
			return this.ofRow.get(one).some((choice) => this.chosen.has(choice));
		}
	}

	class Table {
		constructor(table) {
			this.table = table;
			this.region = table.closest(".zoo-table");
			this.name = table.id || `table${tables.length + 1}`;
			this.columns = [...table.tHead.rows[0].cells].map((head, index) => new Column(head, index));
			this.groups = [...table.tBodies].map((body) => {
				const [head] = body.getElementsByClassName("zoo-group");
				const rows = [...body.rows].filter((row) => row !== head).map((row) => ({ row, head }));
				return { body, head, rows, ordered: rows };
			});
			this.rows = this.groups.flatMap(({ rows }) => rows);
			this.find = "";
			this.menus = [];
			this.limit = MANY;
			this.more = button("zoo-more", () => this.showAll());
			this.said = make("p", { className: "zoo-unseen", role: "status" }); // For screen readers.
			this.region.after(this.more, this.said);
			if (this.rows.length >= FEW) this.addControls();
			if (this.rows.length > 1) for (const column of this.columns) this.addSorting(column);
			this.addCopying();
		}

		addSorting(column) {
			const sort = () => {
				const again = this.sorted === column;
				this.sorted = again && this.down ? undefined : column;
				this.down = again && !this.down;
				this.act();
				const { ariaSort } = column.head;
				this.say(ariaSort ? `Sorted by ${column.title}, ${ariaSort}` : "In the page's order");
			};
			column.head.append(button("zoo-sort", sort, ...column.head.childNodes));
		}

		addControls() {
			const ariaLabel = `Filter ${this.region.ariaLabel}`;
			this.input = make("input", { type: "search", placeholder: "Filter", ariaLabel });
			this.input.addEventListener("focus", () => this.readTexts());
			this.input.addEventListener("input", () => this.type());
			this.input.addEventListener("change", () => this.settle());
			for (const column of this.columns.filter(({ head }) => "choice" in head.dataset)) {
				column.readChoices(this.rows);
				const boxes = column.choices.map((choice) => ({
					text: choice || "(none)",
					get: () => column.chosen.has(choice),
					set: (on) => column.chosen[on ? "add" : "delete"](choice),
				}));
				if (boxes.length) this.addMenu(column.title, boxes, false);
			}
			const boxes = this.columns.slice(1).map((column) => ({
				text: column.title,
				get: () => !column.hidden,
				set: (on) => (column.hidden = !on),
			}));
			if (boxes.length > 1) this.addMenu("Columns", boxes, true);
			const reset = () => {
				this.read(new URLSearchParams());
				this.act();
				this.input.focus();
			};
			this.reset = button("", reset, "Reset");
			this.count = make("span", { className: "zoo-count" });
			const controls = make("div", { className: "zoo-controls", role: "group", ariaLabel });
			controls.append(this.input, ...this.menus.map(({ details }) => details));
			controls.append(this.reset, this.count);
			this.region.before(controls);
		}

		/* Add a button that opens checkboxes; `plain` is their state in the page. */
		addMenu(title, boxes, plain) {
			const summary = make("summary", {}, title);
			const list = make("div", { role: "group", ariaLabel: title });
			const inputs = boxes.map(({ text, set }) => {
				const onchange = () => {
					set(input.checked);
					this.act();
				};
				const input = make("input", { type: "checkbox", onchange });
				list.append(make("label", {}, input, text));
				return input;
			});
			const details = make("details", {}, summary, list);
			details.addEventListener("keydown", ({ key }) => {
				if (key !== "Escape") return;
				details.open = false;
				summary.focus();
			});
			const update = () => {
				boxes.forEach(({ get }, index) => (inputs[index].checked = get()));
				const changed = boxes.filter(({ get }) => get() !== plain).length;
				summary.textContent = changed ? `${title} (${changed})` : title;
			};
			this.menus.push({ details, update });
		}

		addCopying() {
			const pattern = button("zoo-copy");
			for (const { row } of this.rows) {
				if (!row.dataset.load) continue;
				const cell = row.querySelector(".zoo-name") ?? row.cells[0];
				const one = pattern.cloneNode();
				one.title = row.dataset.load;
				one.ariaLabel = `Copy the line that loads ${clean(cell.textContent)}`;
				cell.append(" ", one);
			}
			this.table.addEventListener("click", async ({ target }) => {
				const one = target.closest(".zoo-copy");
				if (!one) return;
				await copy(one.title);
				this.say(`Copied: ${one.title}`);
				one.classList.add("zoo-copied");
				setTimeout(() => one.classList.remove("zoo-copied"), 2000);
			});
		}

		say(text) {
			this.said.textContent = text;
		}

		/* Read what words are looked for in, once. */
		readTexts() {
			for (const one of this.rows) {
				one.text ??= folded(`${one.head?.textContent ?? ""} ${one.row.textContent}`);
			}
		}

		/* Follow a keystroke: the screen now, the rest after a pause. */
		type() {
			this.find = clean(this.input.value);
			this.pinned = undefined;
			this.limit = MANY;
			this.filter(SCREEN);
			clearTimeout(this.timer);
			this.timer = setTimeout(() => this.settle(true), PAUSE);
		}

		settle(typing) {
			if (this.timer) {
				clearTimeout(this.timer);
				this.timer = undefined;
				this.show();
				share(this.typing);
				this.say(this.count.textContent);
			}
			this.typing = typing; // The next pause goes on this step of Back.
		}

		/* Follow another control. */
		act() {
			this.settle();
			this.pinned = undefined;
			this.show(SCREEN);
			setTimeout(() => this.filter(this.limit), PAUSE);
			share();
			this.say(this.count?.textContent);
		}

		showAll() {
			this.limit = Infinity;
			this.show();
			this.region.focus({ preventScroll: true });
		}

		/* Show a part that the view may hide. */
		reveal(part) {
			const row = part.closest("tr");
			const column = this.columns[part.closest("td, th")?.cellIndex];
			if (column) column.hidden = false;
			if (row?.matches(".zoo-off, .zoo-off > *")) {
				this.pinned = row;
				this.limit = Infinity;
			}
			this.show();
			part.scrollIntoView({ block: "center", inline: "nearest" });
		}

		/* Take the view from an address, as far as the table knows it. */
		read(address) {
			const order = address.get(`${this.name}.sort`) ?? "";
			const hidden = address.getAll(`${this.name}.hide`);
			this.down = order.startsWith("-");
			this.sorted = this.columns.find(({ key }) => key === order.replace(/^-/, ""));
			this.pinned = undefined;
			if (!this.input) return;
			this.find = clean(address.get(`${this.name}.find`));
			this.columns.forEach((column, index) => {
				const wanted = address.getAll(`${this.name}.only.${column.key}`);
				column.hidden = index > 0 && hidden.includes(column.key);
				column.chosen = new Set(column.choices.filter((choice) => wanted.includes(choice)));
			});
		}

		write(address) {
			const { name, sorted } = this;
			for (const key of [...address.keys()]) if (key.startsWith(`${name}.`)) address.delete(key);
			if (this.find) address.set(`${name}.find`, this.find);
			if (sorted) address.set(`${name}.sort`, (this.down ? "-" : "") + sorted.key);
			for (const { key, hidden, chosen } of this.columns) {
				if (hidden) address.append(`${name}.hide`, key);
				for (const choice of chosen) address.append(`${name}.only.${key}`, choice);
			}
		}

		show(limit = this.limit) {
			this.arrange();
			this.showColumns();
			this.filter(limit);
			for (const menu of this.menus) menu.update();
			if (this.input && clean(this.input.value) !== this.find) this.input.value = this.find;
		}

		arrange() {
			const { sorted, down } = this;
			const way = down ? "descending" : "ascending";
			for (const column of this.columns) column.head.ariaSort = column === sorted ? way : null;
			const order = sorted && `${down} ${sorted.key}`;
			if (order === this.arranged) return;
			this.arranged = order;
			for (const group of this.groups) {
				group.ordered = sorted ? sorted.order(group.rows, down) : group.rows;
				for (const { row } of group.ordered) group.body.append(row);
			}
		}

		showColumns() {
			const cols = this.table.querySelectorAll("col");
			for (const { head, hidden, index } of this.columns) {
				if (head.classList.contains("zoo-off") === hidden) continue;
				for (const one of [head, cols[index]]) hide(one, hidden);
				for (const { row } of this.rows) hide(row.cells[index], hidden);
			}
			const span = this.columns.filter(({ hidden }) => !hidden).length;
			for (const { head } of this.groups) if (head) head.cells[0].colSpan = span;
		}

		/* Hide rows that do not fit, and those beyond the limit. */
		filter(limit) {
			const words = this.find ? folded(this.find).split(" ") : [];
			const choosing = this.columns.filter(({ chosen }) => chosen.size);
			if (words.length) this.readTexts();
			let found = 0;
			for (const { body, ordered } of this.groups) {
				const before = found;
				for (const one of ordered) {
					const fits =
						words.every((word) => one.text.includes(word)) &&
						choosing.every((column) => column.fits(one));
					const shown = fits || one.row === this.pinned;
					found += shown;
					const hidden = !shown || found > limit;
					if (one.hidden !== hidden) hide(one.row, (one.hidden = hidden));
				}
				hide(body, found === before || before >= limit);
			}
			this.more.hidden = found <= this.limit;
			this.more.textContent = `Show all ${found} rows`;
			if (!this.input) return;
			const all = `${this.rows.length} rows`;
			this.count.textContent = words.length || choosing.length ? `${found} of ${all}` : all;
			const view = new URLSearchParams();
			this.write(view);
			this.reset.hidden = !String(view);
		}
	}

	/* Put the views into the address: a new step of Back or, `again`, the last one. */
	const share = (again) => {
		const address = new URL(location);
		for (const table of tables) table.write(address.searchParams);
		if (address.href === location.href) return;
		try {
			history[again ? "replaceState" : "pushState"](history.state, "", address);
		} catch {} // Too many steps, or a page without an address of its own.
	};

	const restore = () => {
		for (const table of tables) {
			table.read(new URLSearchParams(location.search));
			table.show();
		}
	};

	const reveal = () => {
		const target = document.querySelector(":target");
		tables.find(({ table }) => table.contains(target))?.reveal(target);
	};

	const closeMenus = ({ target }) => {
		for (const menu of document.querySelectorAll(".zoo-controls [open]")) {
			menu.open = menu.contains(target);
		}
	};

	for (const table of document.querySelectorAll(".zoo-table .zoo-rows:not(.zoo-plain)")) {
		if (table.tHead) tables.push(new Table(table));
	}
	restore();
	reveal();
	addEventListener("popstate", restore);
	addEventListener("hashchange", reveal);
	for (const event of ["focusin", "pointerdown"]) document.addEventListener(event, closeMenus);
	document.addEventListener("click", ({ target }) => {
		// Nothing else tells of a link to what is the target already.
		if (target.closest("a")?.href === location.href) setTimeout(reveal);
	});
})();
