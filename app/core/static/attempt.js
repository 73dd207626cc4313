// The page of an attempt: shows one question at a time, keeps every answer in this browser at once and on the server as
// soon as it can. Found by data- attributes; all words come from the page. Without this script the plain form does the same.

const root = document.querySelector("[data-attempt]");
const say = root.dataset;
const ended = "ended" in say;
const asItCame = `<!doctype html>${document.documentElement.outerHTML}`;
const find = (name) => document.querySelector(`[data-${name}]`);
const all = (selector) => [...document.querySelectorAll(selector)];
const now = () => performance.now();
const fill = (text, value, other) => text.replace("{}", value).replace("[]", other);
const NAME = `akim-${say.attempt}`;
const TYPING = 1000, BEAT = 30000, PATIENCE = 15000, UNREACHED = 60000;
const MOST_EVENTS = 50, MOST_SIGNS = 60000;

// -- SHA-256, also where crypto.subtle is missing (plain http); the one JSON text of a value -----

const K = [], START = [];
for (let n = 2; K.length < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
  if (!prime) continue;
  if (START.length < 8) START.push((Math.sqrt(n) % 1) * 2 ** 32 | 0);
  K.push((Math.cbrt(n) % 1) * 2 ** 32 | 0);
}
const turn = (x, n) => (x >>> n) | (x << (32 - n));

export function sha256(text) {
  const bytes = new TextEncoder().encode(text);
  const words = new Int32Array((((bytes.length + 8) >> 6) + 1) * 16);
  bytes.forEach((byte, i) => { words[i >> 2] |= byte << (24 - (i % 4) * 8); });
  words[bytes.length >> 2] |= 0x80 << (24 - (bytes.length % 4) * 8);
  words[words.length - 1] = bytes.length * 8;
  const hash = START.slice(), w = new Int32Array(64);
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = i < 16 ? words[block + i]
        : w[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + w[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => { hash[i] = (hash[i] + x) | 0; });
  }
  return hash.map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (!value || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`;
}

// -- what this browser keeps: one box for the attempt, shared by all its pages -------------------

let box = null;
const opened = new Promise((done) => {
  setTimeout(done, 3000);
  try {
    const asked = indexedDB.open(NAME);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onerror = done;
    asked.onsuccess = () => {
      box = asked.result;
      box.onversionchange = () => box.close();
      done();
    };
  } catch (shut) { done(); }
});

function forgets() {
  box = null;
  if (!ended) note("memory", true);
}

/** Keep a value under its key; none: forget it. */
function keep(key, value) {
  if (!box) return;
  try {
    const change = box.transaction("kept", "readwrite", { durability: "strict" });
    const kept = change.objectStore("kept");
    if (value === undefined) kept.delete(key);
    else kept.put(value, key);
    change.onabort = forgets;
  } catch (full) { forgets(); }
}

const everything = () => new Promise((done) => {
  if (!box) { done([]); return; }
  const kept = box.transaction("kept").objectStore("kept"), keys = kept.getAllKeys(), values = kept.getAll();
  values.onsuccess = () => done(keys.result.map((key, i) => [key, values.result[i]]));
  values.onerror = () => done([]);
});

function uuid() {
  const signs = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
  return signs.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// -- what is known ---------------------------------------------------------------------------------

// Made anew at every load: a copied tab never counts under the name of another.
const client = uuid();
// Of this browser, for this attempt.
let device = uuid();
let sequence = 0;
// Events that the server has not acknowledged, oldest first.
let queue = [];
// Flags that it has not heard of.
const wishes = new Map();
// That this page holds.
let lease = 0;
// Newest lease that this browser had heard of when the page was made.
let seen = Number(say.lease);
// The newest, with its time.
let receipt = null;
// When the server was heard last.
let contact = 0;
// When the first request failed since.
let cut = null;
// Seconds without contact that earlier pages of this browser counted.
let carried = 0;
// The same since the last contact, whether or not a request had failed.
let behind = 0;
let trouble = "", tries = 0, end = 0, over = false, elsewhere = false;
// To be done once nothing waits: by the page itself, by the person.
let wanted = null, leaving = null;
// By position: why its answer was not saved.
const malformed = new Map();

const seconds = (since) => Math.floor((now() - since) / 1000);
const away = () => behind + seconds(contact);
const outage = () => (cut === null ? 0 : carried + seconds(cut));
const keyOf = (event) => `event ${event.client} ${event.sequence}`;
const newest = (position) => queue.filter((event) => event.position === position).pop();
const says = (fields) => Object.values(fields).some((values) => values.some(Boolean));

// -- the questions ---------------------------------------------------------------------------------

const form = find("paper"), review = document.getElementById("review");
const leaves = all(".leaf");
const leaf = (position) => leaves[position - 1];
const cells = all(".navigator a.cell");
const onServer = cells.map((cell) => cell.classList.contains("answered"));
const flagged = cells.map((cell) => cell.classList.contains("flagged"));
const last = [];
let here = 0;

const controls = (position) => leaf(position).querySelectorAll(`[name^="${position}-answer"]`);
// Half a letter, or none at all, is no text that could be kept.
const clean = (text) => new TextDecoder().decode(new TextEncoder().encode(text)).replace(/\0/g, "");
const isAnswered = (position) => {
  const event = newest(position);
  return event ? says(event.fields) : onServer[position - 1];
};

function fields(position) {
  const found = {};
  controls(position).forEach((control) => {
    if (control.matches(":disabled") || (/radio|checkbox/.test(control.type) && !control.checked)) return;
    const name = control.name.slice(`${position}-`.length);
    (found[name] = found[name] || []).push(clean(control.value));
  });
  return found;
}

function restore(position, values) {
  controls(position).forEach((control) => {
    const given = values[control.name.slice(`${position}-`.length)] || [];
    if (/radio|checkbox/.test(control.type)) control.checked = given.includes(control.value);
    else control.value = given[0] || "";
  });
  last[position] = canonical(fields(position));
}

function capture(position) {
  if (over || elsewhere || !position) return;
  const values = fields(position), text = canonical(values);
  if (text === last[position]) return;
  last[position] = text;
  malformed.delete(position);
  trouble = "";
  // An answer that nobody took yet and that is no longer wanted need not go.
  queue.filter((event) => event.client === client && event.position === position).forEach(drop);
  sequence += 1;
  const event = { client, sequence, position, lease: lease || seen, fields: values, typed: away(), at: Date.now() };
  queue.push(event);
  keep(keyOf(event), event);
  mark(position);
  line();
}

function drop(event) {
  queue = queue.filter((one) => one !== event);
  keep(keyOf(event));
}

// -- sending ---------------------------------------------------------------------------------------

let sending = null, retry = 0, asked = 0;

/** Send all that waits, and be heard of; resolves to whether nothing waits any more. */
function flush() {
  clearTimeout(retry);
  sending = sending || send().then((done) => {
    sending = null;
    if (!done) retry = setTimeout(flush, Math.min(BEAT, 1000 * 2 ** tries) * (0.5 + Math.random() / 2));
    line();
    return done;
  });
  return sending;
}

async function send() {
  await ready;
  do {
    // Nothing goes before this page has the attempt: only then it is known what its answers were typed under.
    const events = lease || ended ? batch() : [];
    if (!await post(events)) {
      tries += 1;
      return false;
    }
    tries = 0;
  } while (queue.length || (!lease && !ended));
  for (const [position, isOn] of elsewhere || ended ? [] : wishes) {
    if (!await sendFlag(position, isOn)) return false;
    if (wishes.get(position) === isOn) wishes.delete(position);
    keep(`flag ${position}`);
  }
  const act = wanted || leaving;
  if (act && !malformed.size && !queue.length) act();
  return true;
}

function batch() {
  const chosen = [];
  let signs = 0;
  for (const event of queue.slice(0, MOST_EVENTS)) {
    signs += canonical(event.fields).length;
    if (chosen.length && signs > MOST_SIGNS) break;
    chosen.push(event);
  }
  return chosen;
}

async function ask(address, type, body) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
  asked = now();
  const headers = { "Content-Type": type, Accept: "application/json", "X-CSRFToken": say.token };
  try {
    return await fetch(say.page + address, {
      method: "POST", headers, body, redirect: "manual", signal: stop.signal, keepalive: document.hidden && body.length < MOST_SIGNS,
    });
  } finally { clearTimeout(timer); }
}

async function post(events) {
  const begun = now();
  try {
    const answer = await ask("/events", "application/json", JSON.stringify({
      client, device, lease: lease || null, take: !lease && !ended, waiting: queue.length - events.length, outage: outage() || null,
      events: events.map(({ at, typed, ...event }) => event),
    }));
    const body = await answer.json();
    if (body.replies && body.lease && take(events, body)) return true;
    if ([400, 401, 403].includes(answer.status)) trouble = say.saySignedOut;
    else if (!answer.ok && !body.replies && answer.status < 500 && answer.status !== 429) trouble = body.message;
    if (trouble) return false;
  } catch (unreachable) { /* Also what another machine on the way said in the server's place. */ }
  if (cut === null) cut = begun;
  keep("outage", outage());
  return false;
}

/** Believe only a reply that names the very words that were sent; tell whether it did. */
function take(events, body) {
  const known = body.replies.map((reply) => [reply, events.find((event) => event.client === reply.client
    && event.sequence === reply.sequence && sha256(canonical(event.fields)) === reply.hash)]).filter(([, event]) => event);
  if (events.length && !known.length) return false;
  contact = now();
  cut = null;
  carried = behind = 0;
  trouble = "";
  keep("outage");
  if (body.receipt) {
    receipt = { ...body.receipt, time: body.saved_at };
    keep("receipt", receipt);
  }
  if (!ended) hold(body);
  known.forEach(settle);
  queue.forEach((event) => { event.typed = 0; });
  return true;
}

function hold({ lease: { number, since, is_yours: isYours }, running, seconds_left: left, ends_at: ends, lost }) {
  if (!lease && number) {
    lease = number;
    keep("lease", number);
    // What this browser typed when nobody else had taken the attempt since belongs to this page now.
    queue.filter((event) => event.lease >= since - 1).forEach((event) => {
      event.lease = number;
      keep(keyOf(event), event);
    });
    // Another device came between this page and its opening: what it shows is old.
    if (since > seen + 1) wanted = wanted || (() => location.reload());
  }
  if (!isYours && !elsewhere && running) {
    elsewhere = true;
    shut();
    note("elsewhere", true);
  }
  setTime(left);
  find("ends").textContent = fill(say.sayEnds, ends);
  if (lost) {
    show("lost", lost.outages, fill(say.sayLost, Math.ceil(lost.seconds / 60), lost.outages));
    show("given", lost.given, fill(say.sayGiven, Math.ceil(lost.given / 60)));
  }
  if (!running) wanted = toReceipt;
}

function settle([{ outcome, empty, message }, event]) {
  const { position } = event;
  drop(event);
  if (ended) return;
  if (outcome === "malformed") {
    if (!newest(position)) malformed.set(position, message);
  } else if (outcome === "refused") {
    trouble = say.sayContradicted;
  } else if (outcome !== "superseded") {
    onServer[position - 1] = !empty;
    keep(`answer ${position}`, { lease, fields: event.fields });
  }
  mark(position);
}

async function sendFlag(position, isOn) {
  try {
    const body = new URLSearchParams({ csrf_token: say.token, [isOn ? "flag" : "unflag"]: position }).toString();
    return (await ask("/answers", "application/x-www-form-urlencoded", body)).type === "opaqueredirect";
  } catch (unreachable) { return false; }
}

// -- what is said ----------------------------------------------------------------------------------

function show(name, isOn, text) {
  find(name).hidden = !isOn;
  find(name).textContent = text;
}

function note(name, isOn) {
  find(`note=${name}`).hidden = !isOn;
}

// Not at once: the page must not move under a finger that is on its way up, and what is quick says nothing.
let lining = 0;
function line() { lining = lining || setTimeout(drawLine, 200); }

function drawLine() {
  lining = 0;
  const saveLine = find("save-line");
  if (!saveLine) return;
  const saved = receipt ? [fill(say.saySaved, receipt.time), fill(say.sayReceipt, receipt.number)] : null;
  const why = trouble || [...malformed.values()][0];
  const waits = leaves.filter((_, i) => newest(i + 1)).length;
  let [state, sign, title, text] = ["saved", "check", ...(saved || [])];
  if (why) [state, sign, title, text] = ["refused", "warning", say.sayRefused, why];
  else if (cut !== null) [state, sign, title, text] = ["waiting", "offline", say.sayWaiting, fill(say.sayWaitingNote, waits)];
  else if (waits) [state, sign, title, text] = ["", "again", say.saySending, say.saySendingNote];
  note("waiting", state === "waiting" && !over);
  const isStuck = waits > 0 && (over || (cut !== null && outage() * 1000 >= UNREACHED));
  note("file", isStuck && crypto.subtle);
  if (!title) return;
  saveLine.className = `save-line ${state}`;
  find("save-sign").firstElementChild.setAttribute("href", `${say.assets}icons.svg#${sign}`);
  find("save-title").textContent = title;
  find("save-note").textContent = text;
  show("save-last", state !== "saved" && saved, (saved || []).join(", "));
}

function mark(position) {
  const cell = cells[position - 1], waits = newest(position);
  cell.classList.toggle("local", !!waits);
  cell.classList.toggle("answered", !waits && onServer[position - 1]);
  cell.classList.toggle("flagged", flagged[position - 1]);
  const words = [waits ? say.sayLocal : onServer[position - 1] ? say.sayAnswered : say.sayEmpty];
  if (flagged[position - 1]) words.push(say.sayFlagged);
  cell.innerHTML = `${position}<span class="out-of-sight">, </span>`;
  cell.firstElementChild.append(words.join(", "));
  const count = fill(say.sayCount, cells.filter((_, i) => isAnswered(i + 1)).length, cells.length);
  find("count").textContent = count;
  find("look-count").textContent = count;
}

// -- the clock: the server's -----------------------------------------------------------------------

let shown = "";
function setTime(left) {
  end = now() + left * 1000;
  if (over && left > 0) {
    over = false;
    shut();
  }
  tick();
}

function tick() {
  const left = Math.max(0, Math.round((end - now()) / 1000)), minutes = Math.floor(left / 60);
  const text = left < 300 ? `${minutes}:${String(left % 60).padStart(2, "0")}` : String(minutes);
  const words = left ? fill(say.sayLeft, text) : say.sayOver;
  if (text !== shown) find("time-left").textContent = words;
  if (shown && text !== shown && left % 60 === 0 && [30, 10, 5, 1].includes(minutes)) find("time-said").textContent = words;
  shown = text;
  if (left || over) return;
  leaves.forEach((_, i) => capture(i + 1));
  over = true;
  shut();
  wanted = toReceipt;
  flush();
}

function toReceipt() { location.assign(`${say.page}/receipt`); }

function shut() {
  all("[data-all], [data-finish] button").forEach((one) => { one.disabled = over || elsewhere; });
  note("over", over);
}

// -- going about -----------------------------------------------------------------------------------

function go(place) { location.hash = place > leaves.length ? "#review" : `#q-${Math.max(1, place)}`; }

function turnTo(isMove) {
  const place = (/^#q-([1-9]\d*)$/.exec(location.hash) || [])[1];
  const isReview = location.hash === "#review";
  // Within the question: its case, the content.
  if (isMove && !place && !isReview) return;
  const next = isReview ? 0 : Math.min(leaves.length, Number(place || say.next));
  capture(here);
  // Whoever turns to another question has thought better of finishing.
  leaving = null;
  note("finish", false);
  here = next;
  leaves.forEach((one, i) => { one.hidden = i + 1 !== here; });
  cells.forEach((cell, i) => {
    cell.classList.toggle("here", i + 1 === here);
    cell.setAttribute("aria-current", i + 1 === here);
  });
  const ofCase = here ? leaf(here).dataset.case : "";
  all("details[id^='c-']").forEach((one) => {
    const isIts = one.id === `c-${ofCase}`;
    if (one.hidden && isIts) one.open = !narrow || ofCase === String(here);
    else if (narrow && ofCase !== String(here)) one.open = false;
    one.hidden = !isIts;
  });
  find("moves").hidden = isReview;
  review.hidden = !isReview;
  if (isReview) lookThrough();
  else showMoves();
  const target = isReview ? review : leaf(here);
  if (isMove) {
    target.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  if (queue.length) flush();
}

function showMoves() {
  find("step='-1'").disabled = here === 1;
  find("forward").textContent = here === leaves.length ? say.sayReview : say.sayNext;
  find("flag").lastElementChild.textContent = flagged[here - 1] ? say.sayUnflag : say.sayFlag;
}

function lookThrough() {
  find("look").innerHTML = cells.map((_, i) => {
    const kind = isAnswered(i + 1) ? flagged[i] && "flagged" : flagged[i] ? "both" : "empty";
    return kind ? find(`row=${kind}`).innerHTML.split("{}").join(i + 1) : "";
  }).join("");
}

function toggleFlag() {
  flagged[here - 1] = !flagged[here - 1];
  wishes.set(here, flagged[here - 1]);
  keep(`flag ${here}`, flagged[here - 1]);
  mark(here);
  showMoves();
  flush();
}

function whenSent(act) {
  capture(here);
  leaving = act;
  note("finish", queue.length);
  flush().then(() => {
    const [first] = malformed.keys();
    if (first) go(first);
  });
}

function press(name, value) {
  const plain = document.createElement("form");
  Object.assign(plain, { method: "post", action: form.action });
  for (const [key, text] of [["csrf_token", say.token], [name, value]]) {
    plain.append(Object.assign(document.createElement("input"), { type: "hidden", name: key, value: text }));
  }
  document.body.append(plain);
  plain.submit();
}

let typing = 0;

function changed(event) {
  const section = event.target.closest(".leaf");
  if (!section) return;
  const position = leaves.indexOf(section) + 1;
  countWords(section);
  const save = () => { typing = 0; capture(position); flush(); };
  // Not at every letter, but never later than a second after the first of them.
  if (event.type === "change") save();
  else typing = typing || setTimeout(save, TYPING);
}

function countWords(section) {
  const text = section.querySelector("textarea[data-words-min]");
  if (!text) return;
  section.querySelector("[data-words-line]").hidden = false;
  section.querySelector("[data-words-count]").textContent = text.value.split(/\s+/).filter(Boolean).length;
}

// -- a file, where no network comes back -------------------------------------------------------------

const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));

function answerFile() {
  const { time: _, ...base } = receipt || {};
  let head = sha256(canonical({ attempt: say.attempt, base: base.head || "" }));
  const events = queue.map(({ at, ...event }) => {
    head = sha256(`${head}\n${canonical(event)}`);
    return { ...event, chain: head };
  });
  return canonical({ attempt: say.attempt, device, base: receipt && base, since: away(), events, head });
}

async function saveFile() {
  leaves.forEach((_, i) => capture(i + 1));
  const curve = { name: "ECDH", namedCurve: "P-256" }, { subtle } = crypto, iv = crypto.getRandomValues(new Uint8Array(12));
  const server = await subtle.importKey("raw", bytesOf(say.sealKey), curve, false, []);
  const own = await subtle.generateKey(curve, true, ["deriveBits"]);
  const shared = await subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256);
  const label = new TextEncoder().encode("akim-school answer file 1");
  const secret = await subtle.digest("SHA-256", new Uint8Array([...new Uint8Array(shared), ...label]));
  const key = await subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(answerFile()));
  const ephemeral = await subtle.exportKey("raw", own.publicKey);
  const text = JSON.stringify({ v: 1, attempt: say.attempt, ephemeral: base64(ephemeral), iv: base64(iv), data: base64(data) });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `akim-answers-${say.attempt.slice(0, 8)}.json`;
  link.click();
}

// -- beginning and end -------------------------------------------------------------------------------

/** What a reload without network needs: this page as it came, and its files. */
async function keepPage() {
  if (!navigator.serviceWorker || location.pathname !== say.page) return;
  await navigator.serviceWorker.register(say.page.replace(/[^/]*$/, "worker.js"));
  const cache = await caches.open(NAME);
  const text = "cached" in say ? asItCame : asItCame.replace("data-attempt=", `data-cached="${Date.now()}" data-attempt=`);
  const policy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy };
  await cache.put(say.page, new Response(text, { headers }));
  const files = all("link[href], script[src]").map((one) => one.href || one.src);
  await cache.addAll([...files, `${say.assets}icons.svg`]);
}

/** Nothing of the attempt stays in this browser. */
async function wipe() {
  if (box) box.close();
  indexedDB.deleteDatabase(NAME);
  if (!navigator.serviceWorker) return;
  await caches.delete(NAME);
  (await navigator.serviceWorker.getRegistrations()).forEach((one) => one.unregister());
}

async function begin() {
  await opened;
  const kept = await everything(), byKey = new Map(kept);
  device = byKey.get("device") || device;
  keep("device", device);
  receipt = byKey.get("receipt") || null;
  carried = byKey.get("outage") || 0;
  if (carried) cut = 0;
  queue = kept.filter(([key]) => key.startsWith("event ")).map(([, event]) => event).concat(queue)
    .sort((a, b) => (a.client === client) - (b.client === client) || a.at - b.at || a.sequence - b.sequence);
  behind = Math.max(carried, ...queue.map((event) => event.typed));
  if (ended) return;
  note("memory", !box);
  // The page may have come without network, as it was made: then this browser knows more than it.
  seen = Math.max(seen, byKey.get("lease") || 0);
  leaves.forEach((one, i) => {
    const own = byKey.get(`answer ${i + 1}`), wish = byKey.get(`flag ${i + 1}`);
    if (own && own.lease > Number(say.lease)) {
      restore(i + 1, own.fields);
      onServer[i] = says(own.fields);
    }
    if (wish !== undefined) {
      flagged[i] = wish;
      wishes.set(i + 1, wish);
    }
    const waiting = newest(i + 1);
    if (waiting && waiting.client !== client) restore(i + 1, waiting.fields);
    countWords(one);
    mark(i + 1);
  });
  showMoves();
  line();
}

const narrow = matchMedia("(max-width: 56em)").matches;
let ready = null;

function openPaper() {
  leaves.forEach((_, i) => { last[i + 1] = canonical(fields(i + 1)); });
  form.classList.add("alive");
  if (narrow) find("navigator").open = false;
  turnTo(false);
  setTime(Number(say.secondsLeft) - ("cached" in say ? (Date.now() - say.cached) / 1000 : 0));
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { submitter } = event;
    if (!submitter || submitter.name !== "reason") { go(here + 1); return; }
    if (!isAnswered(here) && !says(fields(here))) { trouble = say.sayFirst; line(); return; }
    whenSent(() => press("reason", here));
  });
  find("finish").addEventListener("submit", (event) => {
    event.preventDefault();
    whenSent(() => event.target.submit());
  });
  all("[data-step]").forEach((one) => { one.onclick = () => go(here + Number(one.dataset.step)); });
  find("flag").onclick = toggleFlag;
  find("take").onclick = () => location.reload();
  find("file").onclick = saveFile;
  all("a[hreflang]").forEach((link) => link.addEventListener("click", () => { link.hash = location.hash; }));
  addEventListener("hashchange", () => turnTo(true));
  document.addEventListener("visibilitychange", () => { capture(here); flush(); });
  addEventListener("pagehide", () => capture(here));
  addEventListener("online", flush);
  setInterval(() => {
    tick();
    if (cut !== null) line();
    if (!elsewhere && !sending && now() - asked > BEAT) flush();
  }, 1000);
  keepPage().catch(() => { /* without it a reload needs the network */ });
}

if (!ended) openPaper();
ready = begin();
if (ended) {
  // What an outage held back goes now, as late; then nothing of the attempt stays here.
  ready.then(async () => {
    const had = queue.length;
    wanted = async () => {
      await wipe();
      if (had) location.reload();
    };
    if (had) flush();
    else wanted();
  });
} else flush();
