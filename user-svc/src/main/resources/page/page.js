// The page on which a team keeps its lists. It shows what the service has said last (`served`), with
// the changes that have no answer yet applied to it. So a change shows at once, is gone again if it
// is refused, and waits where the service can't be reached.

const POLL = 10_000; // ms
const RETRY = 3_000; // ms
const TIMEOUT = 15_000; // ms
const UNDO = 20_000; // ms

const $ = (id) => document.getElementById(id);
const [board, heading] = [$("board"), $("heading")];

// What this tab keeps through a reload: changes that are not sent, and what is typed in new items, by
// user and list ("" for a new list).
const kept = JSON.parse(sessionStorage.kept ?? '{"outbox": [], "drafts": {}}');
const { outbox } = kept;
const keep = () => (sessionStorage.kept = JSON.stringify(kept));

let user = ""; // whose lists are shown; the users, where it is empty
let filter = ""; // "open", "done" or all
let served = null; // [{name, items: [{id, title, completed, due?, order?, etag}]}]
let tag = ""; // of what was served
let outage = ""; // why changes wait
let isWritable = true;
let isSending = false;
let answers = 0; // to changes: what was asked for before one is no news after it
let editing = null; // the one field in place that is open: {kind, list, id, form, …}
let dragged = null; // {row, list, target}
let undo = null; // {texts, changes, timer}

// ---- Changes: what each makes of the lists, and the request that it is

const KINDS = {
  put: {
    apply: (lists, { list, item, after }) =>
      inList(withList(lists, list), list, (items) => placed(items, item, after)),
    request: ({ list, item, after }) => ["PUT", [list, "items", item.id], { ...bare(item), after }],
  },
  edit: {
    apply: (lists, { list, id, change }) => inItem(lists, list, id, change),
    request: ({ list, id, change }) => ["PATCH", [list, "items", id], change],
  },
  move: {
    apply: (lists, { list, id, to, after }) => {
      const item = found(lists, list, id);
      const without = inList(lists, list, (items) => items.filter((other) => other !== item));
      return item ? inList(without, to, (items) => placed(items, item, after)) : lists;
    },
    request: ({ list, id, to, after }) =>
      ["PATCH", [list, "items", id], { after, list: to === list ? undefined : to }],
  },
  remove: {
    apply: (lists, { list, id }) => inList(lists, list, (items) => items.filter((item) => item.id !== id)),
    request: ({ list, id }) => ["DELETE", [list, "items", id]],
  },
  checkAll: {
    apply: (lists, { list, completed }) =>
      inList(lists, list, (items) => items.map((item) => ({ ...item, completed }))),
    request: ({ list, completed }) => ["PATCH", [list, "items"], { completed }],
  },
  clear: {
    apply: (lists, { list }) => inList(lists, list, (items) => items.filter((item) => !item.completed)),
    request: ({ list }) => ["DELETE", [list, "items"], undefined, "?completed=true"],
  },
  putList: {
    apply: (lists, { list, items = [] }) => inList(withList(lists, list), list, (there) => [...there, ...items]),
    request: ({ list, items }) => ["PUT", [list], items && { items: items.map(bare) }],
  },
  rename: {
    apply: (lists, { list, name }) =>
      lists.map((other) => (other.name === list ? { ...other, name } : other)),
    request: ({ list, name }) => ["PATCH", [list], { name }],
  },
  removeList: {
    apply: (lists, { list }) => lists.filter(({ name }) => name !== list),
    request: ({ list }) => ["DELETE", [list]],
  },
};

const path = (...segments) => `/users/${segments.map(encodeURIComponent).join("/")}`;
const bare = ({ etag, unsent, ...item }) => item;
const itemsOf = (lists, name) => lists.find((list) => list.name === name)?.items ?? [];
const found = (lists, name, id) => itemsOf(lists, name).find((item) => item.id === id);
const withList = (lists, name) =>
  lists.some((list) => list.name === name) ? lists : [...lists, { name, items: [] }];
const inList = (lists, name, change) =>
  lists.map((list) => (list.name === name ? { ...list, items: change(list.items) } : list));
const inItem = (lists, name, id, change) =>
  inList(lists, name, (items) => items.map((item) => (item.id === id ? { ...item, ...change } : item)));

/** @param after the id of the item before it; null: the beginning; undefined: the end */
function placed(items, item, after) {
  const others = items.filter(({ id }) => id !== item.id);
  const place = others.findIndex(({ id }) => id === after);
  return others.toSpliced(place < 0 && after !== null ? others.length : place + 1, 0, item);
}

/** What is shown. A list that is gone stays while there is a draft for it. */
function view() {
  const lists = outbox
    .filter((change) => change.user === user)
    .reduce((before, change) => {
      const { kind, list, to = list, item, id = item?.id } = change;
      return inItem(KINDS[kind].apply(before, change), to, id, { unsent: true });
    }, served ?? []);
  return Object.keys(kept.drafts[user] ?? {}).filter(Boolean).reduce(withList, lists);
}

// ---- The service

/** An answer: {status, headers, body}, with status 0 where there is none. */
async function call(method, url, body, headers = {}) {
  try {
    const answer = await fetch(url, {
      method,
      headers: body ? { ...headers, "Content-Type": "application/json" } : headers,
      body: body && JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const isJson = /json/.test(answer.headers.get("Content-Type"));
    return { status: answer.status, headers: answer.headers, body: isJson ? await answer.json() : {} };
  } catch {
    return { status: 0, headers: new Headers(), body: {} };
  }
}

const isAway = ({ status }) => [0, 429, 502, 503, 504, 507].includes(status);

function reason({ status, body }) {
  const [error] = body.errors ?? [];
  const words = error ? `${error.pointer.slice(1)} ${error.detail}` : body.detail;
  return isAway({ status }) ? "the service can’t be reached." : (words ?? `the status is ${status}.`);
}

/** Asks for the lists. */
async function load() {
  const before = [user, answers];
  const answer = await call("GET", `${path(user, "lists")}?view=items`, undefined, tag && { "If-None-Match": tag });
  if (before[0] !== user || before[1] !== answers) return;
  if (answer.status === 200) {
    tag = answer.headers.get("ETag");
    served = Object.entries(answer.body).map(([name, items]) => ({ name, items }));
  }
  if (answer.status === 404) setOutage(`There is no user “${user}”.`);
  else if (isAway(answer)) setOutage("The lists can’t be reached.");
  else if (!outbox.length) setOutage("");
}

function setOutage(text) {
  if (text !== outage) say(text);
  outage = text;
}

/** Asks for what is new, and sends what waits. */
let timer = 0;
async function tick() {
  clearTimeout(timer);
  const isSeen = user && document.visibilityState === "visible";
  if (isSeen && !editing && !dragged && !isSending) await load();
  await send();
  render();
  clearTimeout(timer);
  timer = setTimeout(tick, outage ? RETRY : POLL);
}

/** Makes a change: it shows at once, and is sent in its turn. */
function enqueue(kind, change, said) {
  outbox.push({ kind, user, said, ...change });
  keep();
  say(said);
  render();
  if (!outage) send();
}

async function send() {
  if (isSending) return;
  isSending = true;
  while (outbox.length) {
    const answer = await attempt(outbox[0]);
    if (isAway(answer)) {
      const why = [503, 507].includes(answer.status) && answer.body.detail;
      setOutage(why || "The lists can’t be reached.");
      clearTimeout(timer);
      timer = setTimeout(tick, RETRY);
      break;
    }
    setOutage("");
    answers++;
    tag = "";
    const change = outbox.shift();
    keep();
    if (change.user === user && served) await settle(change, answer);
    render();
  }
  isSending = false;
  render();
}

/** Sends one change. An edit holds only over what its writer has seen. */
async function attempt({ kind, user, seen, ...change }) {
  const [method, segments, body, query = ""] = KINDS[kind].request(change);
  const url = path(user, "lists", ...segments) + query;
  for (let etag = seen?.etag, tries = 0; ; tries++) {
    const answer = await call(method, url, body, etag && { "If-Match": etag });
    if (answer.status !== 412 || tries > 4) return answer;
    const now = await call("GET", url);
    if (now.status !== 200) return now;
    const isMade = Object.entries(body).every(([name, value]) => (now.body[name] ?? null) === value);
    if (isMade) return now;
    if (now.body.title !== seen.title || now.body.due !== (seen.due ?? undefined)) return { ...now, status: 412 };
    etag = now.headers.get("ETag");
  }
}

/** Takes an answer in. What was typed for a change that is refused goes back to a field. */
async function settle(change, answer) {
  const { kind, list, to = list, item, id = item?.id } = change;
  const isGone = answer.status === 404;
  if (answer.status < 300 || (isGone && /^remove/.test(kind))) {
    served = KINDS[kind].apply(served, change);
    if (id) served = inItem(served, to, id, { etag: answer.headers.get("ETag") });
    return;
  }
  if (answer.status === 405) isWritable = false;
  await load();
  render();
  const text = item?.title ?? change.change?.title;
  if (answer.status === 412) {
    const theirs = { ...answer.body, etag: answer.headers.get("ETag") };
    return edit({ ...change, kind: "item", ...theirs, ...change.change, theirs });
  }
  notice(`Taken back: ${change.said} ${isGone ? "It was deleted elsewhere." : `Refused: ${reason(answer)}`}`);
  if (kind === "rename" && !isGone) edit({ kind: "list", list, title: change.name });
  else if (kind === "edit" && text && !isGone) edit({ ...change, kind: "item", ...change.seen, ...change.change });
  else if (kind === "putList" && !change.items) setDraft("", list);
  else if (text && !change.isUndo) setDraft(list, text);
}

// ---- What is shown

const draftOf = (list) => kept.drafts[user]?.[list] ?? "";

/** Keeps what is typed; a text that comes back goes above what is there. */
function setDraft(list, text, isTyped = false) {
  const drafts = (kept.drafts[user] ??= {});
  drafts[list] = isTyped || !drafts[list] ? text : `${text}\n${drafts[list]}`;
  if (!drafts[list]) delete drafts[list];
  keep();
  if (!isTyped) render();
}

/** Makes the children of an element those of the values, each kept by its key. */
function reconcile(parent, values, keyOf, create, update) {
  const nodes = (parent.nodes ??= new Map());
  const keys = new Set(values.map(keyOf));
  for (const [key, node] of nodes) {
    if (keys.has(key)) continue;
    node.remove();
    nodes.delete(key);
  }
  let place = parent.firstElementChild;
  values.forEach((value, index) => {
    const key = keyOf(value);
    if (!nodes.has(key)) nodes.set(key, create(value));
    const node = nodes.get(key);
    update(node, value, index);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  });
}

const clone = (id) => $(id).content.firstElementChild.cloneNode(true);
const number = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const quoted = (text) => `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`;
const openOf = (items) => items.filter((item) => !item.completed).length;
const cardOf = (list) => board.nodes?.get(list);
const rowOf = (list, id) => cardOf(list)?.querySelector("ul").nodes.get(id);
const fieldOf = (card) => card.querySelector(".add textarea");

function render() {
  const focused = document.activeElement;
  const lists = view();
  const isEmpty = !served && !outbox.length;
  document.body.classList.toggle("read-only", !isWritable);
  document.body.classList.toggle("outage", Boolean(outage));
  $("people").hidden = Boolean(user);
  $("filters").hidden = $("all-users").hidden = !user;
  board.hidden = !user || isEmpty;
  const waiting = outbox.length ? `${number(outbox.length, "change")} kept, to be sent when that works.` : "";
  $("banner").textContent = outage ? `${outage} ${waiting}` : isWritable ? "" : "These lists can only be read here.";
  $("banner").hidden = !$("banner").textContent;
  if (user) {
    for (const link of $("filters").children) {
      link.href = `#/${encodeURIComponent(user)}/${link.dataset.filter}`;
      link.ariaCurrent = link.dataset.filter === filter ? "true" : null;
    }
    const open = openOf(lists.flatMap(({ items }) => items));
    $("summary").textContent = isEmpty ? "" : `${number(open, "item")} open in ${number(lists.length, "list")}`;
    reconcile(board, lists, ({ name }) => name, createCard, updateCard);
    $("new-list").firstElementChild.value = draftOf("");
  }
  // An element that is moved loses the focus.
  if (focused !== document.activeElement && focused.isConnected) focused.focus();
}

function createCard({ name }) {
  const card = clone("card");
  card.querySelector("h2").textContent = card.ariaLabel = name;
  for (const button of card.querySelectorAll(".icon")) button.ariaLabel = `${button.title} ${name}`;
  fieldOf(card).ariaLabel = `Add an item to ${name}`;
  return card;
}

function updateCard(card, list) {
  const { name, items } = list;
  if (fieldOf(card).value !== draftOf(name)) fieldOf(card).value = draftOf(name);
  const today = isoDate(new Date());
  const context = filter + isWritable + today;
  if (card.list === list && card.context === context) return;
  Object.assign(card, { list, context });
  const open = openOf(items);
  const shown = items.filter(({ completed }) => !filter || completed === (filter === "done"));
  card.querySelector(".count").textContent = `${open} open`;
  card.querySelector(".bar div").style.width = `${100 - (100 * open) / (items.length || open || 1)}%`;
  card.querySelector(".nothing").textContent = shown.length ? "" : items.length ? `Nothing ${filter}.` : "Nothing here yet.";
  const [all, clear] = card.querySelector(".foot").children;
  all.textContent = open ? "Complete all" : "Reopen all";
  all.ariaLabel = `${all.textContent} in ${name}`;
  all.hidden = !items.length;
  clear.ariaLabel = `Clear done in ${name}`;
  clear.hidden = open === items.length;
  reconcile(card.querySelector("ul"), shown, ({ id }) => id, () => clone("row"), (row, item, index) => {
    if (row.item !== item || row.context !== context) updateRow(row, item, today);
    const [up, down] = row.lastElementChild.children;
    up.ariaDisabled = index === 0;
    down.ariaDisabled = index === shown.length - 1;
    Object.assign(row, { item, context });
  });
}

function updateRow(row, { title, completed, due, unsent }, today) {
  const [box, text, date] = ["input", ".title", ".due"].map((selector) => row.querySelector(selector));
  text.textContent = box.ariaLabel = title;
  text.ariaLabel = `Edit ${title}`;
  for (const button of row.querySelectorAll(".icon")) button.ariaLabel = `${button.title} ${title}`;
  box.checked = completed;
  box.disabled = !isWritable;
  const isOverdue = due && due < today && !completed;
  date.textContent = due ? `${isOverdue ? "Overdue:" : "Due"} ${due === today ? "today" : shortDate(due)}` : "";
  Object.entries({ done: completed, unsent, overdue: isOverdue }).forEach(([name, is]) => row.classList.toggle(name, Boolean(is)));
}

const isoDate = (date) => new Date(date - 60_000 * date.getTimezoneOffset()).toISOString().slice(0, 10);
const shortDate = (due) =>
  new Date(due).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** Tells those who don't see it. */
const say = (text) => ($("status").textContent = text);

function notice(text) {
  say(text);
  $("notice").firstElementChild.textContent = text;
  $("notice").hidden = false;
}

// ---- What people do

/** An id of this page's own, so that an item is made once, however often it is sent. */
const newId = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(12)))).replace(/\+/g, "-").replace(/\//g, "_");

function add(list, text) {
  setDraft(list, "", true);
  const titles = text.split(/[\r\n]+/).map((line) => line.trim()).filter(Boolean);
  for (const title of titles) {
    enqueue("put", { list, item: { id: newId(), title, completed: false } }, `Added ${quoted(title)} to ${list}.`);
  }
  if (titles.length > 1) say(`Added ${titles.length} items to ${list}.`);
}

function addList(text) {
  const name = text.replace(/\s+/g, " ").trim();
  setDraft("", "", true);
  if (!name) return;
  if (!cardOf(name)) enqueue("putList", { list: name }, `Made the list ${quoted(name)}.`);
  fieldOf(cardOf(name)).focus();
}

function check(list, { id, title }, completed) {
  if (filter) focusBeside(list, id, "input");
  enqueue("edit", { list, id, change: { completed } }, `${completed ? "Completed" : "Reopened"} ${quoted(title)}.`);
}

function remove(list, item) {
  focusBeside(list, item.id, ".title");
  const put = putBack(list)(item);
  enqueue("remove", { list, id: item.id }, `Deleted ${quoted(item.title)}.`);
  offerUndo(quoted(item.title), put);
}

/** The change that makes an item be where it is now. */
function putBack(list) {
  const items = itemsOf(view(), list);
  return (item) => {
    const before = items[items.findIndex(({ id }) => id === item.id) - 1];
    return ["put", { list, item, after: before?.id ?? null, isUndo: true }];
  };
}

/** Before a row goes, the focus goes to its neighbour, or to where items are added. */
function focusBeside(list, id, selector) {
  const row = rowOf(list, id);
  if (!row?.contains(document.activeElement)) return;
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  (beside?.querySelector(selector) ?? fieldOf(cardOf(list))).focus();
}

/** @param before the id of the item that it is to stand before; undefined: the end */
function move(list, item, to, before) {
  const others = itemsOf(view(), to).filter(({ id }) => list !== to || id !== item.id);
  const place = others.findIndex(({ id }) => id === before);
  const after = (place < 0 ? others.at(-1) : others[place - 1])?.id ?? null;
  const said = `Moved ${quoted(item.title)} to place ${(place < 0 ? others.length : place) + 1} of ${to}.`;
  const isFocused = rowOf(list, item.id)?.contains(document.activeElement);
  const isTaken = list !== to && others.some(({ id }) => id === item.id);
  const id = isTaken ? newId() : item.id;
  if (isTaken) {
    enqueue("put", { list: to, item: { ...item, id }, after }, said);
    enqueue("remove", { list, id: item.id }, said);
  } else {
    enqueue("move", { list, id, to, after }, said);
  }
  if (isFocused && list !== to) (rowOf(to, id)?.querySelector(".title") ?? heading).focus();
}

function moveBy(row, list, steps) {
  const rows = [...row.parentElement.children];
  const place = rows.indexOf(row) + steps;
  if (rows[place]) move(list, row.item, list, rows[steps > 0 ? place + 1 : place]?.item.id);
}

function moveAcross(row, list, steps) {
  const names = view().map(({ name }) => name);
  const to = names[names.indexOf(list) + steps];
  if (to) move(list, row.item, to);
}

const DO = {
  edit: (list, row) => isWritable && edit({ kind: "item", list, ...row.item }),
  up: (list, row) => moveBy(row, list, -1),
  down: (list, row) => moveBy(row, list, 1),
  remove: (list, row) => remove(list, row.item),
  rename: (list) => edit({ kind: "list", list, title: list }),
  checkAll(list) {
    const completed = openOf(itemsOf(view(), list)) > 0;
    enqueue("checkAll", { list, completed }, `${completed ? "Completed" : "Reopened"} all in ${quoted(list)}.`);
  },
  clear(list) {
    const done = itemsOf(view(), list).filter(({ completed }) => completed);
    const puts = done.map(putBack(list));
    const what = number(done.length, "item");
    fieldOf(cardOf(list)).focus();
    enqueue("clear", { list }, `Deleted ${what} of ${quoted(list)}.`);
    offerUndo(what, ...puts);
  },
  removeList(list) {
    const items = itemsOf(view(), list);
    cardOf(list).nextElementSibling.querySelector(".title, textarea").focus();
    setDraft(list, "", true);
    enqueue("removeList", { list }, `Deleted the list ${quoted(list)}.`);
    offerUndo(quoted(list), ["putList", { list, items, isUndo: true }]);
  },
  mine: () => save(),
  theirs: () => close(),
};

/** Offers to take deletions back: all of them that came within the time. */
function offerUndo(text, ...changes) {
  clearTimeout(undo?.timer);
  const texts = [text, ...(undo?.texts ?? [])];
  undo = { texts, changes: [...changes, ...(undo?.changes ?? [])] };
  const more = texts.length > 1 ? ` and ${texts.length - 1} more` : "";
  $("undo").firstElementChild.textContent = `Deleted ${text}${more}`;
  $("undo").hidden = false;
  countDown();
}

function countDown() {
  clearTimeout(undo?.timer);
  if (undo && !$("undo").matches(":hover, :focus-within")) undo.timer = setTimeout(endUndo, UNDO);
}

function endUndo() {
  clearTimeout(undo.timer);
  if ($("undo").contains(document.activeElement)) heading.focus();
  undo = null;
  $("undo").hidden = true;
}

function takeBack() {
  const { changes } = undo;
  const isFocused = $("undo").contains(document.activeElement);
  endUndo();
  for (const [kind, change] of changes) enqueue(kind, change, "Taken back.");
  const [, { list, item }] = changes[0];
  if (isFocused) (rowOf(list, item?.id)?.querySelector(".title") ?? fieldOf(cardOf(list))).focus();
}

// ---- Fields in place: a title with its details, or the name of a list or of the user

/** @param what {kind, title, list?, id?, due?}, and `theirs` where somebody has changed the item meanwhile */
function edit(what) {
  if (editing) save();
  const { kind, list, id, theirs } = what;
  const row = kind === "item" && rowOf(list, id);
  if (editing || row === undefined) return setDraft(list, what.title);
  const form = clone("editor");
  const field = form.querySelector("textarea");
  const place = row ? row.querySelector(".title") : kind === "list" ? cardOf(list).querySelector("h2") : heading;
  editing = { ...what, form, place, seen: theirs ?? row.item };
  field.value = what.title;
  if (row) {
    form.querySelector("input").value = what.due ?? "";
    const select = form.querySelector("select");
    for (const { name } of view()) select.append(new Option(name, name, false, name === list));
  } else {
    form.querySelector(".details").remove();
    field.ariaLabel = `Name of the ${kind}`;
  }
  if (theirs) {
    const due = theirs.due ? `, due ${shortDate(theirs.due)}` : "";
    form.querySelector("p").textContent = `Changed elsewhere meanwhile, to “${theirs.title}”${due}`;
    form.querySelector(".conflict").hidden = false;
    say(form.querySelector("p").textContent);
  }
  place.parentElement.classList.add("editing");
  place.after(form);
  field.focus();
  field.select();
}

/** Ends editing without a change. */
function close() {
  const { form, place } = editing;
  const isFocused = form.contains(document.activeElement);
  editing = null;
  form.remove();
  place.parentElement.classList.remove("editing");
  if (isFocused) (place.matches("button") ? place : place.parentElement.querySelector(".icon")).focus();
}

function save() {
  const { kind, list, id, form, seen } = editing;
  const title = form.querySelector("textarea").value.replace(/\s+/g, " ").trim();
  if (kind === "item") {
    const due = form.querySelector("input").value || null;
    const to = form.querySelector("select").value;
    close();
    const item = found(view(), list, id) ?? seen;
    if (!title) return remove(list, item);
    const change = {
      ...(title !== seen.title && { title }),
      ...(due !== (seen.due ?? null) && { due }),
    };
    if (Object.keys(change).length) enqueue("edit", { list, id, change, seen }, `Saved ${quoted(title)}.`);
    if (to !== list) move(list, found(view(), list, id) ?? item, to);
  } else if (kind === "user") {
    renameUser(title);
  } else {
    close();
    if (!title || title === list) return;
    if (cardOf(title)) return notice(`There is a list ${quoted(title)} already.`);
    const isFocused = cardOf(list).contains(document.activeElement);
    const draft = draftOf(list);
    setDraft(list, "", true);
    enqueue("rename", { list, name: title }, `Renamed ${quoted(list)} to ${quoted(title)}.`);
    if (draft) setDraft(title, draft);
    if (isFocused) cardOf(title).querySelector(".icon").focus();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  event.preventDefault();
  if (form === editing?.form) save();
  else if (form.matches(".add")) add(form.closest(".card").list.name, fieldOf(form.closest(".card")).value);
  else if (form.id === "new-list") addList(form.firstElementChild.value);
  else addUser(form);
});

board.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (button && button.ariaDisabled !== "true") {
    DO[button.dataset.do](button.closest(".card").list.name, button.closest(".row"));
  }
});

board.addEventListener("change", ({ target }) => {
  if (target.type === "checkbox") check(target.closest(".card").list.name, target.closest(".row").item, target.checked);
});

board.addEventListener("input", ({ target }) => {
  if (target.matches(".add textarea, #new-list textarea")) setDraft(target.closest(".card").list?.name ?? "", target.value, true);
});

board.addEventListener("paste", (event) => {
  const field = event.target.closest(".add textarea");
  const text = event.clipboardData.getData("text/plain");
  if (!field || !/\S\s*[\r\n]\s*\S/.test(text)) return;
  event.preventDefault();
  field.setRangeText(text);
  field.form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  const { target, key, isComposing } = event;
  const isText = target.matches("textarea, input:not([type=checkbox]), select");
  const row = event.altKey && isWritable && !isText && target.closest(".row");
  const steps = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[key];
  if (isComposing) return;
  if (key === "Enter" && target.matches("textarea")) {
    event.preventDefault();
    target.form.requestSubmit();
  } else if (key === "Escape" && dragged) {
    endDrag();
  } else if (key === "Escape" && editing) {
    close();
  } else if (key === "z" && (event.ctrlKey || event.metaKey) && !(isText && target.value) && undo) {
    event.preventDefault();
    takeBack();
  } else if (row && steps) {
    event.preventDefault();
    (/Up|Down/.test(key) ? moveBy : moveAcross)(row, row.closest(".card").list.name, steps);
  }
});

// What is left is saved, but not while its row is moved, nor as another window comes to the front.
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const form = target.closest("form");
  if (!editing || editing.form !== form || editing.theirs || form.contains(relatedTarget)) return;
  queueMicrotask(() => {
    const isLeft = editing?.form === form && form.isConnected && !form.contains(document.activeElement);
    if (isLeft && document.hasFocus()) save();
  });
});

// ---- Dragging

board.addEventListener("pointerdown", (event) => {
  const row = event.target.matches(".grip") && event.target.parentElement;
  if (!row || event.button) return;
  event.preventDefault();
  event.target.setPointerCapture(event.pointerId);
  dragged = { row, list: row.closest(".card").list.name };
  row.classList.add("dragged");
});

board.addEventListener("pointermove", ({ clientX, clientY }) => {
  if (!dragged) return;
  unmark();
  scrollBy(0, clientY < 60 ? -16 : clientY > innerHeight - 60 ? 16 : 0);
  const under = document.elementFromPoint(clientX, clientY);
  const [row, card] = [under?.closest(".row"), under?.closest(".card:not(#new-list)")];
  if (!card) return;
  const box = row?.getBoundingClientRect();
  const isBehind = row && clientY > box.top + box.height / 2;
  (row ?? card).classList.add(row ? (isBehind ? "behind" : "before") : "target");
  dragged.target = [card.list.name, (isBehind ? row.nextElementSibling : row)?.item.id];
});

function unmark() {
  dragged.target = null;
  for (const node of board.querySelectorAll(".before, .behind, .target")) node.classList.remove("before", "behind", "target");
}

function endDrag() {
  unmark();
  dragged.row.classList.remove("dragged");
  dragged = null;
}

board.addEventListener("pointerup", () => {
  if (!dragged) return;
  const { row, list, target } = dragged;
  endDrag();
  if (target && target[1] !== row.item.id) move(list, row.item, ...target);
});

board.addEventListener("pointercancel", () => dragged && endDrag());

// ---- Users

async function showPeople(url) {
  const answer = await call("GET", url);
  if (user) return;
  if (answer.status !== 200) return notice(`The users can’t be shown: ${reason(answer)}`);
  for (const [username, { name }] of Object.entries(answer.body)) {
    const person = clone("person");
    const link = person.firstElementChild;
    link.href = `#/${encodeURIComponent(username)}`;
    link.children[0].textContent = name;
    link.children[1].textContent = username;
    $("people").firstElementChild.append(person);
  }
  $("more").url = /<([^>]*)>/.exec(answer.headers.get("Link"))?.[1];
  $("more").hidden = !$("more").url;
}

async function addUser(form) {
  const [username, name] = [...form.querySelectorAll("input")].map(({ value }) => value.trim().normalize("NFC"));
  const answer = await call("PUT", path(username), { name }, { "If-None-Match": "*" });
  const error = form.querySelector(".error");
  error.hidden = answer.status === 201;
  error.textContent = answer.status === 412 ? "This username is taken." : `Not added: ${reason(answer)}`;
  if (!error.hidden) return form.querySelector("input").focus();
  form.reset();
  location.hash = `#/${encodeURIComponent(username)}`;
}

async function renameUser(name) {
  const asked = user;
  const answer = name && name !== heading.name && (await call("PATCH", path(user), { name }));
  if (answer && answer.status !== 200) return notice(`Not renamed: ${reason(answer)}`);
  if (answer && asked === user) setName(name);
  if (editing?.kind === "user") close();
}

function setName(name) {
  heading.name = name;
  heading.textContent = document.title = user ? `${name}’s lists` : "To-do lists";
}

/** Asks what can be changed here. */
async function askWritable() {
  const asked = user;
  const [canUser, canList] = await Promise.all(
    [path(user || "-"), user && path(user, "lists", "-")].map(async (url) => {
      const allow = url && (await call("OPTIONS", url)).headers.get("Allow");
      return !allow || /PUT/.test(allow);
    }));
  if (asked !== user) return;
  $("new-user").hidden = !canUser;
  $("rename-user").hidden = !user || !canUser;
  isWritable = canList;
  render();
}

// ---- The address: #/{username}/{filter}

async function route() {
  const [, username = "", shown] = location.hash.split("/").map(decode);
  filter = ["open", "done"].includes(shown) ? shown : "";
  if (username === user && user) return render();
  if (editing) close();
  if (user !== username) heading.focus();
  user = username;
  served = null;
  tag = outage = "";
  isWritable = true;
  setName(user);
  reconcile(board, []);
  $("rename-user").hidden = true;
  $("summary").textContent = document.querySelector("[name=description]").content;
  $("people").firstElementChild.replaceChildren();
  render();
  if (user) {
    const answer = call("GET", path(user));
    await tick();
    const { status, body } = await answer;
    if (username !== user) return;
    if (status === 200) setName(body.name);
  } else {
    await showPeople("/users?limit=100");
  }
  await askWritable();
}

function decode(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

for (const event of ["pointerenter", "pointerleave", "focusin", "focusout"]) {
  $("undo").addEventListener(event, () => queueMicrotask(countDown));
}
$("undo").lastElementChild.addEventListener("click", takeBack);
$("notice").lastElementChild.addEventListener("click", () => {
  $("notice").hidden = true;
  heading.focus();
});
$("more").addEventListener("click", () => showPeople($("more").url));
$("rename-user").addEventListener("click", () => edit({ kind: "user", title: heading.name }));
addEventListener("hashchange", route);
addEventListener("online", tick);
document.addEventListener("visibilitychange", tick);
addEventListener("beforeunload", (event) => {
  if (outbox.length || editing) event.preventDefault();
});
route();
