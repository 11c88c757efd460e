// Shows what the service has said last (`served`), changed by what it has not answered yet (`outbox`).
// So a change shows at once, goes if it is refused, and waits where there is no answer.

const [POLL, RETRY, TIMEOUT, UNDO] = [10_000, 3_000, 15_000, 20_000]; // ms

const $ = (selector, within = document) => within.querySelector(selector);
const on = (target, types, listener) =>
	types.split(" ").forEach((type) => target.addEventListener(type, listener));
const [board, heading, offer] = [$("#board"), $("h1"), $("#undo")];
const TEXT = "textarea, select, input:not([type=checkbox])";

// What this tab keeps: changes not sent, and drafts by user and list.
let store = {};
try {
	store = sessionStorage;
} catch {} // blocked
const kept = JSON.parse(store.kept ?? '{"outbox": [], "drafts": {}}');
const { outbox } = kept;
function keep() {
	try {
		store.kept = JSON.stringify(kept);
	} catch {} // full
}

let user = ""; // whose lists are shown; the users, where it is empty
let filter = ""; // "open", "done" or all
let served = null; // [{name, items: [{id, title, completed, due?, order?, etag}]}]
let tag = ""; // of what was served
let outage = ""; // why changes wait
let isWritable = true;
let isAsked = false; // whether that is known
let sending = null; // the promise that it ends
const signIn = $("[data-sign-in]");
let me = null; // {username, admin}: who has signed in
let over = false; // why nobody has now: 401 or 403
let isLeaving = 0;
let answers = 0; // to changes: what was asked for before one is no news after it
let editing = null; // the one field in place that is open: {kind, list, id, form, …}
let dragged = null; // {row, list, target}
let undo = null; // {changes, timer}

// What each change makes of the lists, and asks of the service; without an id of all items, or all done.

const KINDS = {
	put: {
		makes: (lists, { list, item, after }) => inList(withList(lists, list), list, (items) => placed(items, item, after)),
		asks: ({ list, item, after }) => ["PUT", [list, "items", item.id], { ...bare(item), after }],
	},
	edit: {
		makes: (lists, { list, id, change }) => inItem(lists, list, id, change),
		asks: ({ list, id, change }) => ["PATCH", [list, "items", id], change],
	},
	move: {
		makes: (lists, { list, id, to, after }) => {
			const item = found(lists, list, id);
			const without = inList(lists, list, (items) => items.filter((other) => other !== item));
			return item ? inList(without, to, (items) => placed(items, item, after)) : lists;
		},
		asks: ({ list, id, to, after }) => ["PATCH", [list, "items", id], { after, list: to === list ? undefined : to }],
	},
	remove: {
		makes: (lists, { list, id }) =>
			inList(lists, list, (items) => items.filter((item) => (id ? item.id !== id : !item.completed))),
		asks: ({ list, id }) => ["DELETE", [list, "items", id], undefined, id ? "" : "?completed=true"],
	},
	putList: {
		makes: (lists, { list, items }) => inList(withList(lists, list), list, (there) => items ?? there),
		asks: ({ list, items }) => ["PUT", [list], items && { items: items.map(bare) }],
	},
	rename: {
		makes: (lists, { list, name }) => lists.map((other) => (other.name === list ? { ...other, name } : other)),
		asks: ({ list, name }) => ["PATCH", [list], { name }],
	},
	removeList: {
		makes: (lists, { list }) => lists.filter(({ name }) => name !== list),
		asks: ({ list }) => ["DELETE", [list]],
	},
};

const applied = (lists, change) => KINDS[change.kind].makes(lists, change);
const routeOf = (username) => `#/${encodeURIComponent(username)}`;
const path = (...segments) => `users/${segments.filter((part) => part !== undefined).map(encodeURIComponent).join("/")}`;
const bare = ({ etag, unsent, due, order, ...item }) => ({ ...item, due: due ?? undefined });
const placeOf = (items, id) => items.findIndex((item) => item.id === id);
const found = (lists, name, id) =>
	lists.find((list) => list.name === name)?.items.find((item) => item.id === id);
const withList = (lists, name) =>
	lists.some((list) => list.name === name) ? lists : [...lists, { name, items: [] }];
const inList = (lists, name, change) =>
	lists.map((list) => (list.name === name ? { ...list, items: change(list.items) } : list));
const inItem = (lists, name, id, change) =>
	inList(lists, name, (items) =>
		items.map((item) => (id === undefined || item.id === id ? { ...item, ...change } : item)));

/** @param after the id of the item before it; null: the beginning; undefined: the end */
function placed(items, item, after) {
	const others = items.filter(({ id }) => id !== item.id);
	const place = placeOf(others, after);
	return others.toSpliced(place < 0 && after !== null ? others.length : place + 1, 0, item);
}

/** What is shown. A list that is gone stays while there is a draft for it. */
function view() {
	const lists = outbox
		.filter((change) => change.user === user)
		.reduce((before, change) => {
			const { list, to = list, item, id = item?.id ?? null } = change;
			return inItem(applied(before, change), to, id, { unsent: true });
		}, served ?? []);
	const written = Object.keys(kept.drafts).filter((key) => kept.drafts[key] && key.startsWith(`${user}/`));
	return written.map((key) => key.slice(user.length + 1)).filter(Boolean).reduce(withList, lists);
}

// The service

const NONE = { status: 0, headers: new Headers(), body: {} };

/** An answer: {status, headers, body}, with status 0 where there is none. */
async function request(method, url, body, headers) {
	try {
		const answer = await fetch(url, {
			method,
			headers: { ...headers, ...(body && { "Content-Type": "application/json" }) },
			body: body && JSON.stringify(body),
			signal: AbortSignal.timeout(TIMEOUT),
		});
		const { status } = answer;
		return { status, headers: answer.headers, body: [204, 304].includes(status) ? {} : await answer.json() };
	} catch {
		return NONE;
	}
}

/** The same, but none after the session. */
async function call(...what) {
	const was = me;
	const answer = await request(...what);
	if (!signIn || !/40[134]/.test(answer.status)) return answer;
	await identify();
	return me !== was || over || answer.status === 401 ? NONE : answer;
}

function reason({ body: { errors: [error] = [], detail, id } }) {
	const what = error && /^[a-z]/.test(error.detail) ? `The ${error.pointer.slice(1)} ` : "";
	const why = what + (error?.detail ?? detail ?? "The service can’t be reached.");
	return over ? "Your session has ended." : id ? `${why} (id ${id})` : why;
}

async function load() {
	const moment = `${answers} ${user}`;
	const answer = await call("GET", `${path(user, "lists")}?view=items`, undefined, tag && { "If-None-Match": tag });
	if (moment !== `${answers} ${user}`) return;
	if (answer.status === 200) {
		tag = answer.headers.get("ETag");
		served = Object.entries(answer.body).map(([name, items]) => ({ name, items }));
	}
	if (answer.status === 404) setOutage(`There is no user “${user}”.`);
	else if (![200, 304].includes(answer.status)) setOutage(reason(answer));
	else if (!outbox.some(isMine)) setOutage("");
}

function setOutage(text) {
	if (text.split(" (id")[0] === outage.split(" (id")[0]) return;
	say(text || "Connected again.");
	outage = text;
	again();
}

let timer = 0;
async function tick() {
	const isSeen = user && isOwn() && document.visibilityState === "visible";
	again();
	if (signIn && (over || !me)) return identify();
	if (isSeen && !editing && !dragged) await load();
	if (!sending) await send();
	if (!isAsked && !outage) await ask();
}

function again() {
	clearTimeout(timer);
	if (!over) timer = setTimeout(tick, outage ? RETRY : POLL);
}

function enqueue(kind, change, said, isMore) {
	outbox.push({ kind, user, said, ...change });
	if (isMore) return;
	keep();
	say(said);
	$("#notice").hidden = true;
	render();
	if (!outage) send();
}

const send = () => (sending ??= sendAll().finally(() => {
	sending = null;
	render();
}));

async function sendAll() {
	for (let change; (change = !over && outbox.find(isMine)); ) {
		const answer = await attempt(change);
		if (!isMine(change)) return;
		if (!answer.status || answer.status === 429 || answer.status > 501) return setOutage(reason(answer));
		setOutage("");
		answers++;
		tag = "";
		outbox.splice(outbox.indexOf(change), 1);
		keep();
		await settle(change, answer);
	}
}

/** Sends one change. An edit holds only over what its writer has seen. */
async function attempt({ kind, user, seen, ...change }) {
	const [method, segments, body, query = ""] = KINDS[kind].asks(change);
	const url = path(user, "lists", ...segments) + query;
	const isNew = kind === "put" && change.after === undefined;
	for (let etag = seen?.etag, tries = 0; ; tries++) {
		const condition = isNew ? { "If-None-Match": "*" } : etag && { "If-Match": etag };
		const answer = await call(method, url, body, condition);
		if (answer.status === 422 && kind === "put" && body.after) {
			delete body.after; // that item is gone
			continue;
		}
		if (answer.status !== 412 || tries > 4) return answer;
		const now = await call("GET", url);
		if (now.status !== 200 || isNew) return now; // made, but the answer was lost
		const isMade = Object.entries(body).every(([name, value]) => (now.body[name] ?? null) === value);
		if (isMade) return now;
		if (now.body.title !== seen.title || now.body.due !== (seen.due ?? undefined)) return { ...now, status: 412 };
		etag = now.headers.get("ETag");
	}
}

/** Takes an answer in. What was typed for a refused change goes back to a field. */
async function settle(change, answer) {
	const { kind, list, to = list, item, id = item?.id } = change;
	const isGone = answer.status === 404;
	const told = { ...answer.body, etag: answer.headers.get("ETag") };
	const text = change.name ?? item?.title ?? change.change?.title ?? change.seen?.title;
	if (answer.status < 300 || (isGone && /^remove/.test(kind))) {
		if (change.user !== user) return;
		if (!served) return load();
		served = applied(served, change);
		if (id) served = inItem(served, to, id, { due: undefined, ...told });
		return;
	}
	if (answer.status === 405) isWritable = false;
	if (change.user === user) await load();
	if (change.user !== user || !served) return text && setDraft(list, text, false, change.user);
	render();
	if (isGone && (served.some(({ name }) => name === change.name) || (to !== list && found(served, to, id)))) return;
	const theirs = answer.status === 412 && told;
	const why = isGone && id ? "It was deleted elsewhere." : reason(answer);
	if (!theirs || editing) notice(`${theirs ? "It was changed elsewhere." : why} (Taken back: ${change.said})`);
	if (kind === "putList" && !change.items) {
		setDraft("", list);
		$("#new-list textarea").focus();
	} else if (!text) return;
	else if (kind === "put" || isGone || editing) setDraft(list, text);
	else if (kind === "rename") edit({ kind: "list", list, title: text, isBack: true });
	else edit({ ...change, kind: "item", isBack: true, ...change.seen, ...theirs, ...change.change, theirs });
}

// What is shown

const draftOf = (list) => kept.drafts[`${user}/${list}`] ?? "";

/** Keeps what is typed; a text that comes back goes below what is there. */
function setDraft(list, text, isTyped, of = user) {
	const key = `${of}/${list}`;
	const before = kept.drafts[key];
	kept.drafts[key] = isTyped || !before ? text || undefined : `${before}\n${text}`;
	keep();
	if (!isTyped) render();
}

/** Makes the children of a node those of the values, each kept by its key. */
function reconcile(parent, values, key, create, update) {
	const nodes = (parent.nodes ??= new Map());
	const keys = new Set(values.map((value) => value[key]));
	for (const [name, node] of nodes) {
		if (keys.has(name)) continue;
		node.remove();
		nodes.delete(name);
	}
	let place = parent.firstElementChild;
	values.forEach((value, index) => {
		const node = nodes.get(value[key]) ?? create(value);
		nodes.set(value[key], node);
		update(node, value, index);
		if (node === place) place = place.nextElementSibling;
		else parent.insertBefore(node, place);
	});
}

const isIn = (node) => node?.contains(document.activeElement);
const clone = (id) => $(`#${id}`).content.firstElementChild.cloneNode(true);
const tidy = (text) => text.replace(/\s+/g, " ").trim();
const number = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const openOf = (items) => items.filter((item) => !item.completed).length;
const cardOf = (list) => board.nodes?.get(list);
const itemsIn = (list) => cardOf(list)?.list.items ?? [];
const rowOf = (list, id) => cardOf(list) && $("ul", cardOf(list)).nodes.get(id);
const listOf = (node) => node.closest(".card").list?.name ?? "";
const fieldOf = (list) => $("[placeholder]", cardOf(list));
const focusRow = (list, id) => (rowOf(list, id) ? $(".title", rowOf(list, id)) : fieldOf(list)).focus();

function render() {
	const focused = document.activeElement;
	const lists = view();
	const unsent = outbox.filter(isMine).length;
	const isEmpty = !served && !unsent;
	document.body.className = `${user ? "of-user" : "of-all"} ${isWritable ? "" : "read-only"}`;
	board.hidden = !user || isEmpty || !isOwn();
	const waiting = unsent ? `${number(unsent, "change")} not sent yet.` : "";
	$("#banner").textContent = outage ? `${outage} ${waiting}` : isWritable ? "" : "These lists can only be read here.";
	if (signIn) {
		const [title, , link] = $("#gate").children;
		signIn.dataset.signIn = $("bdi").textContent = me?.username ?? "";
		$("#me").hidden = !me && over !== 403;
		$("#all-users").hidden = me && !me.admin;
		title.textContent = over === 403 ? "You are not a user here" : "Sign in to see your lists";
		title.hidden = me || !over;
		link.hidden = over !== 401;
		link.href = `auth/login?back=/${encodeURIComponent(location.hash)}`;
	}
	if (user) {
		for (const link of $("nav").children) {
			link.href = `${routeOf(user)}/${link.dataset.filter}`;
			link.ariaCurrent = link.dataset.filter === filter ? "true" : null;
		}
		const open = openOf(lists.flatMap(({ items }) => items));
		$("#summary").textContent = !isOwn() ? "Only they can see these." : isEmpty ? "" : `${number(open, "item")} open in ${number(lists.length, "list")}`;
		reconcile(board, lists, "name", createCard, updateCard);
		$("#new-list textarea").value = draftOf("");
	}
	if (editing && !editing.form.isConnected) putAway();
	// What is moved loses the focus, and what is gone leaves it nowhere.
	const next = focused.checkVisibility() ? focused : heading;
	if (next !== document.activeElement) next.focus({ preventScroll: true });
}

function labelIcons(node, name) {
	for (const button of node.querySelectorAll(".icon")) button.ariaLabel = `${button.title} ${name}`;
}

function createCard({ name }) {
	const card = clone("card");
	$("h2", card).textContent = card.ariaLabel = name;
	labelIcons(card, name);
	$("textarea", card).ariaLabel = `Add an item to ${name}`;
	return card;
}

function updateCard(card, list) {
	const { name, items } = list;
	fieldOf(name).value = draftOf(name);
	const today = new Date().toLocaleDateString("sv");
	const context = filter + isWritable + today + !outage;
	if (card.list === list && card.context === context) return;
	Object.assign(card, { list, context });
	const open = openOf(items);
	const shown = items.filter(
		({ id, completed }) => !filter || completed === (filter === "done") || id === editing?.id);
	$(".count", card).textContent = `${open} open`;
	$(".bar", card).style.backgroundSize = `${items.length && 100 - (100 * open) / items.length}%`;
	const [all, clear] = $(".foot", card).children;
	all.textContent = open ? "Complete all" : "Reopen all";
	all.ariaLabel = `${all.textContent} in ${name}`;
	all.hidden = !items.length;
	clear.ariaLabel = `Clear done in ${name}`;
	clear.hidden = open === items.length;
	reconcile($("ul", card), shown, "id", () => clone("row"), (row, item, index) => {
		const text = context + JSON.stringify(item);
		if (row.text !== text) updateRow(row, item, today);
		const [up, down] = row.lastElementChild.children;
		up.ariaDisabled = index === 0;
		down.ariaDisabled = index === shown.length - 1;
		Object.assign(row, { item, text });
	});
}

function updateRow(row, { title, completed, due, unsent }, today) {
	const [box, text, date] = ["input", ".title", ".due"].map((selector) => $(selector, row));
	text.textContent = box.ariaLabel = title;
	text.ariaLabel = `Edit ${title}`;
	labelIcons(row, title);
	box.checked = completed;
	box.disabled = text.disabled = !isWritable;
	const isOverdue = due && due < today && !completed;
	const isUnsent = unsent && outage;
	const when = due && `${isOverdue ? "Overdue:" : "Due"} ${due === today ? "today" : shortDate(due)}`;
	date.textContent = [when, isUnsent && "Not sent yet"].filter(Boolean).join(" · ");
	row.classList.toggle("done", completed);
	row.classList.toggle("warned", !!(isUnsent || isOverdue));
}

const shortDate = (due) => new Date(due).toLocaleDateString("en-GB", { dateStyle: "medium", timeZone: "UTC" });

const say = (text) => ($("#status").textContent = text);

function notice(text) {
	say(text);
	$("#notice span").textContent = text;
	$("#notice").hidden = false;
}

// What people do

/** An id of this page's own, so that an item is made once, however often it is sent. */
const newId = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

function add(text, list) {
	setDraft(list, "", true);
	const titles = text.split(/[\r\n]+/).map(tidy).filter(Boolean);
	titles.forEach((title, place) => {
		const item = { id: newId(), title, completed: false };
		enqueue("put", { list, item }, `Added “${title}” to ${list}.`, place < titles.length - 1);
	});
	if (titles.length > 1) say(`Added ${titles.length} items to ${list}.`);
}

function addList(text) {
	const name = tidy(text);
	setDraft("", "", true);
	if (!name) return;
	if (name.includes("/")) {
		setDraft("", text);
		return notice("The name of a list can’t have a slash.");
	}
	if (cardOf(name)) render();
	else enqueue("putList", { list: name }, `Made the list “${name}”.`);
	fieldOf(name).focus();
}

function remove(list, item) {
	focusBeside(list, item.id, ".title");
	const puts = putsBack(list, [item]);
	enqueue("remove", { list, id: item.id }, `Deleted “${item.title}”.`);
	offerUndo(`“${item.title}”`, puts);
}

function putsBack(list, items) {
	const all = itemsIn(list);
	return items.map((item) => ["put", { list, item, after: all[placeOf(all, item.id) - 1]?.id ?? null }]);
}

/** Before a row goes, the focus goes to its neighbour, or to where items are added. */
function focusBeside(list, id, selector) {
	const row = rowOf(list, id);
	if (!isIn(row)) return;
	const beside = row.nextElementSibling ?? row.previousElementSibling;
	(beside ? $(selector, beside) : fieldOf(list)).focus();
}

/** @param before the id of the item that it is to stand before; undefined: the end */
function move(list, item, to, before) {
	const others = [...itemsIn(to).filter(({ id }) => list !== to || id !== item.id), {}];
	const place = placeOf(others, before);
	const after = others[place - 1]?.id ?? null;
	const said = `Moved “${item.title}” to place ${place + 1} of ${to}.`;
	const isFocused = isIn(rowOf(list, item.id));
	const isTaken = placeOf(others, item.id) >= 0;
	const id = isTaken ? newId() : item.id;
	if (isTaken) {
		enqueue("put", { list: to, item: { ...item, id }, after }, said);
		enqueue("remove", { list, id: item.id }, said);
	} else {
		enqueue("move", { list, id, to, after }, said);
	}
	if (isFocused && list !== to) focusRow(to, id);
}

const DO = {
	edit: (list, row) => edit({ kind: "item", list, ...row.item }),
	up: (list, { item, previousElementSibling: above }) => above && move(list, item, list, above.item.id),
	down: (list, { item, nextElementSibling: below }) =>
		below && move(list, item, list, below.nextElementSibling?.item.id),
	remove: (list, row) => remove(list, row.item),
	rename: (list) => edit({ kind: "list", list, title: list }),
	checkAll(list) {
		const completed = openOf(itemsIn(list)) > 0;
		enqueue("edit", { list, change: { completed } }, `${completed ? "Completed" : "Reopened"} all in “${list}”.`);
	},
	removeDone(list) {
		const done = itemsIn(list).filter(({ completed }) => completed);
		const puts = putsBack(list, done);
		const what = number(done.length, "item");
		fieldOf(list).focus();
		enqueue("remove", { list }, `Deleted ${what} of “${list}”.`);
		offerUndo(what, puts);
	},
	removeList(list) {
		const items = itemsIn(list);
		$(".title, textarea", cardOf(list).nextElementSibling).focus();
		setDraft(list, "", true);
		enqueue("removeList", { list }, `Deleted the list “${list}”.`);
		offerUndo(`“${list}”`, [["putList", { list, items }]]);
	},
	theirs: close,
};

/** Offers to take deletions back: all of them that came within the time. */
function offerUndo(text, changes) {
	clearTimeout(undo?.timer);
	const more = undo ? " and more" : "";
	undo = { changes: [...changes, ...(undo?.changes ?? [])] };
	$("#undo span").textContent = `Deleted ${text}${more}`;
	offer.hidden = false;
	countDown();
}

function countDown() {
	clearTimeout(undo?.timer);
	if (undo && !offer.matches(":hover, :focus-within")) undo.timer = setTimeout(endUndo, UNDO);
}

function endUndo() {
	clearTimeout(undo?.timer);
	if (isIn(offer)) heading.focus();
	undo = null;
	offer.hidden = true;
}

function takeBack() {
	const { changes } = undo;
	const [, { list, item }] = changes[0];
	const isFocused = isIn(offer);
	endUndo();
	changes.forEach(([kind, change], place) => enqueue(kind, change, "Taken back.", place < changes.length - 1));
	if (isFocused) focusRow(list, item?.id);
}

// Fields in place

/** @param what {kind, title, list?, id?, due?, theirs?: what the item has become meanwhile} */
function edit(what) {
	putAway();
	if (editing) return;
	const { kind, list, id, theirs } = what;
	const row = kind === "item" && rowOf(list, id);
	if (row === undefined) return setDraft(list, what.title);
	const form = clone("editor");
	const [field, date, lists] = form.elements;
	const place = row ? $(".title", row) : kind === "list" ? $("h2", cardOf(list)) : heading;
	editing = { ...what, form, place, seen: theirs || row.item };
	field.value = what.title;
	if (row) {
		date.value = what.due ?? "";
		for (const { name } of view()) lists.append(new Option(name, name, false, name === list));
	} else {
		$(".details", form).remove();
		field.ariaLabel = `Name of the ${kind}`;
	}
	if (theirs) {
		const due = theirs.due && theirs.due !== what.seen.due ? `, due ${shortDate(theirs.due)}` : "";
		$("p", form).textContent = `Changed elsewhere, to “${theirs.title}”${due}.`;
		$(".conflict", form).hidden = false;
	}
	place.parentElement.classList.add("editing");
	place.after(form);
	if (document.activeElement.matches(TEXT)) return;
	field.focus();
	field.select();
}

function close() {
	const { form, place } = editing;
	const isFocused = isIn(form);
	editing = null;
	form.remove();
	place.parentElement.classList.remove("editing");
	if (isFocused) $(".title, .icon", place.parentElement).focus();
}

/** Ends editing for something else: it is saved, but not over what others have changed. */
function putAway() {
	if (!editing) return;
	const { list, form, theirs } = editing;
	if (!theirs && form.isConnected) return save();
	close();
	setDraft(list, form[0].value);
}

function save() {
	const { kind, list, id, form, seen } = editing;
	const [field, date, lists] = form.elements;
	const title = tidy(field.value);
	close();
	if (kind === "item") {
		const item = found(view(), list, id) ?? seen;
		if (!title) return remove(list, item);
		const due = date.validity.badInput ? seen.due ?? null : date.value || null;
		const change = { ...(title !== seen.title && { title }), ...(due !== (seen.due ?? null) && { due }) };
		if (Object.keys(change).length) enqueue("edit", { list, id, change, seen }, `Saved “${title}”.`);
		if (lists.value !== list) move(list, { ...item, ...change }, lists.value);
	} else if (!title || title === (list ?? heading.name)) {
		return;
	} else if (kind === "user") {
		renameUser(title);
	} else if (cardOf(title)) {
		notice(`There is a list “${title}” already.`);
		edit({ kind, list, title });
	} else {
		const isFocused = isIn(cardOf(list));
		const draft = draftOf(list);
		setDraft(list, "", true);
		enqueue("rename", { list, name: title }, `Renamed “${list}” to “${title}”.`);
		if (draft) setDraft(title, draft);
		if (isFocused) $(".icon", cardOf(title)).focus();
	}
}

on(document, "submit", (event) => {
	const form = event.target;
	event.preventDefault();
	if (form === editing?.form) save();
	else if (form.id === "new-user") addUser(form);
	else (listOf(form) ? add : addList)(form.firstElementChild.value, listOf(form));
});

on(board, "click", ({ target }) => {
	const button = target.closest("[data-do]:not([aria-disabled=true])");
	if (button && !editing?.form.contains(button)) putAway();
	if (button) DO[button.dataset.do](listOf(button), button.closest(".row"));
});

on(board, "change", ({ target }) => {
	const row = target.type === "checkbox" && target.closest(".row");
	if (!row) return;
	const [list, { id, title }, completed] = [listOf(row), row.item, target.checked];
	if (filter) focusBeside(list, id, "input");
	enqueue("edit", { list, id, change: { completed } }, `${completed ? "Completed" : "Reopened"} “${title}”.`);
});

on(board, "input", ({ target }) => {
	if (target.placeholder) setDraft(listOf(target), target.value, true);
});

on(document, "keydown", (event) => {
	const { target, key, isComposing } = event;
	const isText = target.matches(TEXT);
	const row = event.altKey && isWritable && !isText && target.closest(".row");
	const way = { ArrowUp: "up", ArrowDown: "down" }[key];
	if (isComposing || event.keyCode === 229) return; // of an input method
	if (key === "Enter" && target.matches("textarea")) {
		event.preventDefault();
		target.form.requestSubmit();
	} else if (key === "Escape" && (dragged || editing)) {
		dragged ? endDrag() : close();
	} else if (key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !(isText && target.value) && undo) {
		event.preventDefault();
		takeBack();
	} else if (row && way) {
		event.preventDefault();
		DO[way](listOf(row), row);
	}
});

// A field that is left is saved; under a pointer as that is released, or what it presses would move away.
let isPressed = false;

function leave() {
	if (!editing || editing.theirs || editing.isBack || isPressed || !document.hasFocus()) return;
	if (!isIn(editing.place.parentElement)) save();
}

on(document, "focusout", () => setTimeout(leave));
on(document, "pointerdown pointerup pointercancel", ({ type }) => {
	isPressed = type === "pointerdown";
	setTimeout(leave);
});

// Dragging

on(board, "pointerdown", (event) => {
	const row = event.target.matches(".grip") && event.target.parentElement;
	if (!row || event.button) return;
	event.preventDefault();
	event.target.setPointerCapture(event.pointerId);
	dragged = { row, list: listOf(row) };
	row.classList.add("dragged");
});

on(board, "pointermove", ({ clientX, clientY }) => {
	if (!dragged) return;
	unmark();
	scrollBy(0, clientY < 60 ? -16 : clientY > innerHeight - 60 ? 16 : 0);
	const under = document.elementFromPoint(clientX, clientY);
	const [row, card] = [under?.closest(".row"), under?.closest("section")];
	if (!card) return;
	const box = row?.getBoundingClientRect();
	const isBehind = row && clientY > box.top + box.height / 2;
	(row ?? card).dataset.drop = row ? (isBehind ? "behind" : "before") : "in";
	dragged.target = [card.list.name, (isBehind ? row.nextElementSibling : row)?.item.id];
});

function unmark() {
	dragged.target = null;
	delete $("[data-drop]", board)?.dataset.drop;
}

function endDrag(isDone) {
	if (!dragged) return;
	const { row, list, target } = dragged;
	unmark();
	row.classList.remove("dragged");
	dragged = null;
	if (isDone && target && target[1] !== row.item.id) move(list, row.item, ...target);
}

on(board, "pointerup pointercancel", ({ type }) => endDrag(type === "pointerup"));

// Users

async function showPeople() {
	const answer = await call("GET", "users");
	if (user) return;
	if (answer.status !== 200) return notice(reason(answer));
	const people = Object.entries(answer.body).map(([username, { name }]) => {
		const person = clone("person");
		$("a", person).href = routeOf(username);
		$("span", person).textContent = name;
		$("bdi", person).textContent = username;
		return person;
	});
	$("#people ul").replaceChildren(...people);
}

async function addUser(form) {
	const [username, name] = [form[0], form[1]].map(({ value }) => value.trim().normalize("NFC"));
	const answer = await call("PUT", path(username), { name }, { "If-None-Match": "*" });
	if (answer.status !== 201) {
		form[0].focus();
		return notice(answer.status === 412 ? "This username is taken." : `Not added: ${reason(answer)}`);
	}
	form.reset();
	location.hash = routeOf(username);
}

async function renameUser(name) {
	const asked = user;
	const answer = await call("PATCH", path(user), { name });
	if (asked !== user) return;
	if (answer.status === 200) return say(setName(name));
	notice(`Not renamed: ${reason(answer)}`);
	if (!editing) edit({ kind: "user", title: name });
}

function setName(name) {
	heading.name = name;
	return (heading.textContent = document.title = user ? `${name}’s lists` : "To-do lists");
}

async function ask() {
	const asked = user;
	const [named, ...allowed] = await Promise.all([
		user && call("GET", path(user)),
		call("OPTIONS", path(user || "-")),
		user && call("OPTIONS", path(user, "lists", "-")),
	]);
	if (asked !== user) return;
	const [canUser, canList] = allowed.map((answer) => /PUT|^$/.test(answer.headers?.get("Allow") ?? ""));
	isAsked = !user || named.status === 200;
	if (user && isAsked) setName(named.body.name);
	$("#new-user").hidden = $("#rename-user").hidden = !canUser;
	isWritable = canList;
	render();
}

// Who has signed in

const isMine = (change) => !signIn || change.user === me?.username;
const isOwn = () => !me || user === me.username;

async function identify() {
	const answer = await request("GET", "auth/me");
	const { status, body } = answer;
	const was = over;
	over = /40[13]/.test(status) && status;
	if (over === 403) shut(body.detail);
	else if (over && !me) shut(outbox[0] ? "What is not sent is kept." : "Nobody else sees them.");
	else if (status !== 200) setOutage(reason(answer));
	else if (!me) route((me = body));
	else if (me.username !== body.username) {
		shut();
		location.reload();
	} else if (was) tick();
	render();
}

/** Shows nobody’s lists. */
function shut(text) {
	const isNew = $("#gate h2").hidden;
	over ||= 401;
	depart();
	endUndo();
	me = served = null;
	user = "";
	outage = text;
	setName();
	render();
	if (isNew) $("#gate h2").focus();
}

/** Nobody is asked: what waits stays in this tab. */
function depart() {
	putAway();
	isLeaving = setTimeout(() => (isLeaving = 0), 1000);
}

async function signOut() {
	putAway();
	if (!outage) await send();
	if (outbox.length && !confirm("Lose what is not sent yet?")) return;
	const answer = await request("POST", "auth/logout");
	if (answer.status !== 200) return notice(`Not signed out: ${reason(answer)}`);
	outbox.length = 0;
	kept.drafts = {};
	keep();
	shut();
	location = answer.body.location;
}

// The address: #/{username}/{filter}

async function route() {
	if (signIn && !me) return render();
	let [, username = "", shown] = location.hash.split("/").map(decode);
	if (me && !(me.admin && location.hash) && username !== me.username) {
		username = me.username;
		history.replaceState(null, "", routeOf(username));
	}
	filter = ["open", "done"].includes(shown) ? shown : "";
	if (username === user && user) return render();
	putAway();
	endUndo();
	$("#notice").hidden = true;
	if (user !== username) heading.focus();
	user = username;
	served = null;
	tag = outage = "";
	isWritable = true;
	isAsked = false;
	setName(user);
	reconcile(board, []);
	render();
	if (!user) await showPeople();
	tick();
}

const decode = (segment) => new URLSearchParams(`=${segment.replaceAll("+", "%2B")}`).get("");

on(offer, "pointerenter pointerleave focusin focusout", () => queueMicrotask(countDown));
on($("#undo button"), "click", takeBack);
on($("#notice button"), "click", () => {
	$("#notice").hidden = true;
	heading.focus();
});
on($("#rename-user"), "click", () => edit({ kind: "user", title: heading.name }));
on($("#me button"), "click", signOut);
on($("#gate a"), "click", depart);
on(window, "hashchange", route);
on(window, "online visibilitychange", tick);
on(window, "beforeunload", (event) => {
	if (!isLeaving && (outbox.length || editing)) event.preventDefault();
});
signIn ? identify() : route();
