// Keeps the answers of an attempt: in this browser at once, on the server as soon as it can.
// Found by data- attributes; all words come from the page. Without this script the plain forms do the same.

const root = document.querySelector("[data-attempt]");
const say = root.dataset;
const find = (name) => document.querySelector(`[data-${name}]`);
const form = find("answer-form");
const position = Number(say.position || 0);
const PREFIX = `akim-attempt:${say.attempt}:`;
const TYPING = 1000;
const LONGEST_WAIT = 30000;
const BATCH_EVENTS = 20;
const BATCH_SIGNS = 60000;

// -- SHA-256, also where crypto.subtle is missing (plain http) ---------------------------------

const K = [];
const START = [];
for (let n = 2; K.length < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
  if (!prime) continue;
  if (START.length < 8) START.push((Math.sqrt(n) % 1) * 2 ** 32 | 0);
  K.push((Math.cbrt(n) % 1) * 2 ** 32 | 0);
}

export function sha256(text) {
  const bytes = new TextEncoder().encode(text);
  const blocks = ((bytes.length + 8) >> 6) + 1;
  const words = new Int32Array(blocks * 16);
  bytes.forEach((byte, i) => { words[i >> 2] |= byte << (24 - (i % 4) * 8); });
  words[bytes.length >> 2] |= 0x80 << (24 - (bytes.length % 4) * 8);
  words[blocks * 16 - 1] = bytes.length * 8;
  const hash = START.slice();
  const w = new Int32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) { w[i] = words[block * 16 + i]; continue; }
      const a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => { hash[i] = (hash[i] + x) | 0; });
  }
  return hash.map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

// -- the queue: one entry an answer, shared by all pages of this attempt -----------------------

const memory = new Map();
let store = null;
try {
  localStorage.setItem("akim-try", "1");
  localStorage.removeItem("akim-try");
  store = localStorage;
} catch (refused) { /* Storage is shut or full: this page alone keeps the answers. */ }
const keys = () => (store ? Object.keys(store) : [...memory.keys()]).filter((key) => key.startsWith(PREFIX));
const read = (key) => JSON.parse(store && store.getItem(key) || memory.get(key));
const drop = (key) => { memory.delete(key); if (store) store.removeItem(key); };
function keep(key, event) {
  const text = JSON.stringify(event);
  try { if (store) { store.setItem(key, text); return; } } catch (full) { store = null; }
  memory.set(key, text);
}
const queue = () => keys().map((key) => ({ key, ...read(key) })).sort((a, b) => a.at - b.at || a.sequence - b.sequence);

// A new name at every load: a copied tab never counts under the name of another.
const random = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const client = random.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
let sequence = 0;

// -- the line on top ---------------------------------------------------------------------------

const fill = (text, value) => text.replace("{}", value);

function show(state, sign, title, note) {
  const line = find("save-line");
  if (!line) return;
  line.className = `save-line ${state}`;
  find("save-sign").firstElementChild.setAttribute("href", `${say.icons}#${sign}`);
  find("save-title").textContent = title;
  find("save-note").textContent = note;
  const waiting = find("waiting-note");
  if (waiting) waiting.hidden = state !== "waiting";
}
const showSending = () => show("", "again", say.saySending, say.saySendingNote);
const showWaiting = () => show("waiting", "offline", say.sayWaiting, fill(say.sayWaitingNote, queue().length));
const showSaved = (time, receipt) => show("saved", "check", fill(say.saySaved, time), fill(say.sayReceipt, receipt));
const showRefused = (note) => show("refused", "warning", say.sayRefused, note);

function mark(place, state) {
  const cell = document.querySelector(`[data-cell="${place}"]`);
  if (!cell) return;
  cell.classList.toggle("local", state === "local");
  cell.classList.toggle("answered", state === "answered");
  const words = { local: say.sayLocal, answered: say.sayAnswered, empty: say.sayEmpty };
  cell.querySelector("[data-cell-state]").textContent = words[state];
  const done = document.querySelectorAll(".cell.answered[data-cell]").length;
  const all = document.querySelectorAll("[data-cell]").length;
  find("count").textContent = fill(say.sayCount, done).replace("[]", all);
}

// -- what the form holds -----------------------------------------------------------------------

function fields() {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (/^answer(-|$)/.test(name)) (found[name] = found[name] || []).push(value);
  }
  return canonical(found);
}
const canonical = (values) => Object.keys(values).sort().reduce((all, name) => ({ ...all, [name]: values[name] }), {});

function restore(values) {
  for (const control of form.elements) {
    if (!/^answer(-|$)/.test(control.name)) continue;
    const given = values[control.name] || [];
    if (/radio|checkbox/.test(control.type)) control.checked = given.includes(control.value);
    else control.value = given[0] || "";
  }
}

let last = "";
let malformed = false;
let typing = 0;

function capture() {
  clearTimeout(typing);
  typing = 0;
  if (!form) return;
  const now = fields();
  const text = JSON.stringify(now);
  if (text === last) return;
  last = text;
  malformed = false;
  // An answer that nobody took yet and that is no longer wanted need not go.
  for (const event of queue()) if (event.client === client && event.position === position) drop(event.key);
  sequence += 1;
  keep(`${PREFIX}${client}:${sequence}`, { client, sequence, position, fields: now, at: Date.now() });
  mark(position, "local");
}

// -- sending -----------------------------------------------------------------------------------

let running = null;
let tries = 0;
let retry = 0;

/** Send all that waits; resolves to whether nothing waits any more. */
function flush() {
  clearTimeout(retry);
  running = running || send().then((done) => { running = null; return done; });
  return running;
}

async function send() {
  for (let waiting = queue(); waiting.length; waiting = queue()) {
    if (tries === 0) showSending();
    const reply = await post(batch(waiting));
    if (reply === null || !take(waiting, reply)) {
      tries += 1;
      retry = setTimeout(flush, Math.min(LONGEST_WAIT, 1000 * 2 ** tries) * (0.5 + Math.random() / 2));
      return false;
    }
    tries = 0;
  }
  return true;
}

function batch(waiting) {
  const chosen = [];
  let signs = 0;
  for (const { client: by, sequence: number, position: place, fields: values } of waiting.slice(0, BATCH_EVENTS)) {
    signs += JSON.stringify(values).length;
    if (chosen.length && signs > BATCH_SIGNS) break;
    chosen.push({ client: by, sequence: number, position: place, fields: values });
  }
  return chosen;
}

async function post(events) {
  const stop = new AbortController();
  const timeout = setTimeout(() => stop.abort(), 15000);
  try {
    const answer = await fetch(say.events, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": say.token },
      body: JSON.stringify({ events }),
      redirect: "error",
      signal: stop.signal,
    });
    const body = await answer.json();
    if (body.replies) return body;
    if (answer.status === 400 || answer.status === 401 || answer.status === 403) showRefused(say.saySignedOut);
    else if (answer.status < 500 && answer.status !== 429) showRefused(body.message || "");
    else showWaiting();
  } catch (unreachable) {
    // Also what another machine on the way said in the server's place.
    showWaiting();
  } finally {
    clearTimeout(timeout);
  }
  return null;
}

/** Believe only a reply that names the very words that were sent. */
function take(waiting, body) {
  let known = 0;
  let refusal = "";
  for (const reply of body.replies) {
    const event = waiting.find((one) => one.client === reply.client && one.sequence === reply.sequence);
    if (!event || sha256(JSON.stringify(canonical(event.fields))) !== reply.hash) continue;
    known += 1;
    drop(event.key);
    if (reply.outcome === "malformed") {
      refusal = reply.message;
      malformed = malformed || event.position === position;
    } else if (reply.outcome === "refused") {
      refusal = say.sayContradicted;
    } else if (!queue().some((one) => one.position === event.position)) {
      mark(event.position, reply.empty ? "empty" : "answered");
    }
  }
  if (known === 0) { showWaiting(); return false; }
  setTime(body.seconds_left);
  if (refusal) showRefused(refusal);
  else if (queue().length === 0) showSaved(body.saved_at, body.receipt);
  if (!body.running && !("ended" in say)) location.assign(say.receipt);
  return true;
}

// -- the clock: the server's, shown by the minute ----------------------------------------------

let end = 0;
let shown = -1;
function setTime(seconds) { end = Date.now() + seconds * 1000; }
function tick() {
  const seconds = Math.round((end - Date.now()) / 1000);
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes !== shown && find("time-left")) {
    const words = minutes ? fill(say.sayLeft, minutes) : say.sayLast;
    find("time-left").textContent = words;
    if (shown >= 0 && [30, 10, 5, 1].includes(minutes)) find("time-said").textContent = words;
    shown = minutes;
  }
  if (seconds <= 0) {
    clearInterval(ticking);
    capture();
    flush().then((done) => { if (done) setTimeout(() => location.assign(say.receipt), 1000); });
  }
}
let ticking = 0;

// -- the page ----------------------------------------------------------------------------------

/** Go on only when all is on the server: a page that cannot be reached would take this one away. */
function leave(go) {
  capture();
  flush().then((done) => { if (done && !malformed) go(); });
}

function press(event) {
  const button = event.target.closest("[data-go], [formaction]");
  if (!button) return;
  event.preventDefault();
  leave(() => {
    if (button.dataset.go) { location.assign(button.dataset.go); return; }
    const value = document.createElement("input");
    Object.assign(value, { type: "hidden", name: button.name, value: button.value });
    form.append(value);
    form.action = button.formAction;
    form.submit();
  });
}

function countWords() {
  const text = form.querySelector("textarea[data-words-min]");
  if (!text) return;
  form.querySelector("[data-words-line]").hidden = false;
  form.querySelector("[data-words-count]").textContent = text.value.split(/\s+/).filter(Boolean).length;
}

function changed(event) {
  countWords();
  if (event.type === "change") { capture(); flush(); return; }
  // Not at every letter, but never later than a second after the first of them.
  if (!typing) typing = setTimeout(() => { capture(); flush(); }, TYPING);
}

function openForm() {
  const own = queue().filter((event) => event.position === position).pop();
  last = JSON.stringify(fields());
  if (own) {
    restore(own.fields);
    last = JSON.stringify(fields());
  }
  countWords();
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  document.addEventListener("click", press);
}

if ("ended" in say) {
  // What an outage held back goes now, as late; then nothing of the attempt stays in this browser.
  const had = queue().length;
  flush().then((done) => {
    if (!done) return;
    keys().forEach(drop);
    if (had) location.reload();
  });
} else {
  const narrow = matchMedia("(max-width: 56em)").matches;
  if (find("navigator") && narrow) find("navigator").open = false;
  queue().forEach((event) => mark(event.position, "local"));
  if (form) openForm();
  document.addEventListener("submit", (event) => {
    if (event.target === form || queue().length === 0) return;
    event.preventDefault();
    leave(() => event.target.submit());
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) { capture(); flush(); } });
  addEventListener("pagehide", capture);
  addEventListener("online", flush);
  addEventListener("offline", () => { if (queue().length) showWaiting(); });
  setTime(Number(say.secondsLeft));
  ticking = setInterval(tick, 1000);
  flush();
}
