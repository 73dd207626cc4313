// Tries this device and this line before the day. Found by data- attributes; all words stand on the page.
// Nothing is kept, and the server sends back what it was sent.

// -- when a thing is good (ok), will do (wait) or must be put right (danger) -------------------------

/** The answer to a small request, in ms. A save that takes less is not noticed; 3 s is what a crowded 2G line takes. */
const DELAY = [800, 3000];
/** Share of requests lost. 2 % is a phone that moves; up to 15 % the page's own repeats hide, above it answers pile up. */
const LOSS = [0.02, 0.15];
/** kbit/s: a paper of 60 KB opens within 8 s at the first, within half a minute at the second (a poor 2G line). */
const SPEED = [60, 16];
/** Bytes of room: answers and the paper need less than 5 MB; a browser that offers under 200 is full or private. */
const ROOM = [200e6, 5e6];
/** Pixels: the pages are drawn for 320 and more. */
const WIDTH = 320;
/** Seconds: two minutes mislead nobody; from a day on certificates look as if they were not valid. */
const CLOCK = [120, 86400];
/** Half a battery is enough for two hours of screen. */
const BATTERY = 0.5;

/** The page of an attempt waits as long for an answer. */
const TIMEOUT = 15000;
const SMALL = 300;
const CRUMB = 2000;
const LARGE = 15000;
/** With fewer tries one lost request would decide. */
const FEWEST = 5;
const LETTERS = "ӘҒҚҢӨҰҮҺІәғқңөұүһі";
/** No writing has a sign at this place, so every font draws its sign for “missing”. */
const MISSING = "\u0378";

const root = document.querySelector("[data-rehearsal]");
const find = (name, within = root) => within.querySelector(`[data-${name}]`);
const all = (name) => root.querySelectorAll(`[data-${name}]`);
const rate = (value, [good, fair]) => (value <= good ? "ok" : value < fair ? "wait" : "danger");
const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

function tell(key, state, value = "", of = "", says = state) {
  const place = root.querySelector(`[data-point=${key}]`);
  place.dataset.found = state;
  place.querySelectorAll("[data-state]").forEach((one) => { one.hidden = one.dataset.state !== state; });
  place.querySelectorAll("[data-says]").forEach((one) => { one.hidden = one.dataset.says !== says; });
  find("value", place).textContent = place.dataset.words.replace("{}", value).replace("[]", of);
  find("value", place).hidden = value === "";
}

// -- the line ------------------------------------------------------------------------------------

let stop = null;
let tries = [];

/** Words that nobody on the way can guess and no compression makes much shorter. */
function words(length) {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.ceil(length * 0.75)));
  return btoa(String.fromCharCode(...bytes)).slice(0, length);
}

async function ask(size) {
  const sent = words(size);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), TIMEOUT);
  const give = () => timeout.abort();
  stop.signal.addEventListener("abort", give);
  const found = { size, lost: true, foreign: false, took: 0, apart: null };
  try {
    const began = performance.now();
    const answer = await fetch(root.dataset.echo, {
      method: "POST", body: sent, headers: { "Content-Type": "text/plain", Accept: "application/json" },
      redirect: "manual", credentials: "omit", cache: "no-store", signal: timeout.signal,
    });
    // Our server has too much to do: that says nothing of the line.
    if (answer.status === 429 || answer.status >= 500) return null;
    const text = await answer.text();
    found.took = performance.now() - began;
    const date = Date.parse(answer.headers.get("Date"));
    found.foreign = !isOurs(text, sent);
    found.lost = found.foreign;
    // The header tells whole seconds: the middle of one is nearest.
    if (date && !found.foreign) found.apart = (Date.now() - found.took / 2 - date - 500) / 1000;
  } catch (lost) {
    if (stop.signal.aborted) return null;
  } finally {
    clearTimeout(timer);
    stop.signal.removeEventListener("abort", give);
  }
  return found;
}

function isOurs(text, sent) {
  try { return JSON.parse(text).sent === sent; } catch (page) { return false; }
}

const rest = (seconds) => new Promise((done) => {
  setTimeout(done, seconds * 1000);
  stop.signal.addEventListener("abort", done);
});

async function tryLine() {
  const count = Number(root.dataset.tries);
  for (let number = 1; number <= count && !stop.signal.aborted; number++) {
    const wait = rest(Number(root.dataset.pause));
    const size = number % 7 === 0 ? LARGE : number % 4 === 0 ? CRUMB : SMALL;
    const found = await ask(size);
    if (found) tries.push(found);
    find("bar").value = number;
    find("tries-line").textContent = root.dataset.sayTries.replace("{}", number).replace("[]", count);
    tellLine();
    if (number < count) await wait;
  }
}

function tellLine() {
  const came = tries.filter((one) => !one.lost);
  const small = came.filter((one) => one.size === SMALL).map((one) => one.took);
  const large = came.filter((one) => one.size === LARGE);
  const lost = tries.length - came.length;
  if (tries.some((one) => one.foreign)) tell("loss", "danger", lost, tries.length, "foreign");
  else if (tries.length < FEWEST) tell("loss", "none", lost, tries.length);
  else tell("loss", rate(lost / tries.length, LOSS), lost, tries.length);
  if (small.length < 2) tell("delay", "none");
  else tell("delay", rate(middle(small), DELAY), Math.round(middle(small)));
  if (!large.length || !small.length) tell("speed", "none");
  else {
    // There and back, without what a request takes however small it is.
    const speed = middle(large.map((one) => 16 * LARGE / Math.max(one.took - middle(small), 1)));
    tell("speed", speed >= SPEED[0] ? "ok" : speed >= SPEED[1] ? "wait" : "danger", Math.round(speed));
  }
  const apart = came.filter((one) => one.apart !== null).map((one) => Math.abs(one.apart));
  if (!apart.length) tell("clock", "none");
  else tell("clock", rate(Math.min(...apart), CLOCK), Math.round(Math.min(...apart)));
}

// -- the device ----------------------------------------------------------------------------------

const done = (request) => new Promise((good, bad) => {
  request.onsuccess = () => good(request.result);
  request.onerror = request.onblocked = () => bad(request.error);
});

async function tryStorage() {
  const name = "akim-rehearsal";
  try {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("tries");
    const database = await done(opening);
    const sent = words(LARGE);
    const store = () => database.transaction("tries", "readwrite").objectStore("tries");
    await done(store().put(sent, 1));
    const kept = await done(store().get(1));
    database.close();
    await done(indexedDB.deleteDatabase(name));
    const room = navigator.storage && navigator.storage.estimate ? (await navigator.storage.estimate()).quota : Infinity;
    tell("storage", kept !== sent || room < ROOM[1] ? "danger" : room < ROOM[0] ? "wait" : "ok");
  } catch (refused) {
    tell("storage", "danger");
  }
}

async function tryWorker() {
  let can = isSecureContext && "serviceWorker" in navigator;
  // Some private windows have it, and refuse it.
  try { if (can) await navigator.serviceWorker.getRegistration(); } catch (refused) { can = false; }
  tell("worker", can ? "ok" : "wait");
}

/** Draw a letter; return where its ink is, and the ink itself. */
function drawn(pen, letter) {
  pen.clearRect(0, 0, 48, 48);
  pen.fillText(letter, 4, 34);
  const { data } = pen.getImageData(0, 0, 48, 48);
  const ink = [];
  for (let at = 3; at < data.length; at += 4) if (data[at] > 127) ink.push(at >> 2);
  const columns = ink.map((at) => at % 48);
  const edges = [ink[0] / 48 | 0, ink[ink.length - 1] / 48 | 0, Math.min(...columns), Math.max(...columns)];
  return { ink: ink.join(), edges: edges.join() };
}

function tryLetters() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 48;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = `32px ${getComputedStyle(document.body).fontFamily}`;
  const box = drawn(pen, MISSING);
  const seen = [...LETTERS].map((letter) => ({ letter, ...drawn(pen, letter) }));
  // Some browsers write the letter's number into its box: then every letter has the edges of the box.
  const boxes = seen.every((one) => one.edges === box.edges);
  const missing = seen.filter((one) => boxes || !one.ink || one.ink === box.ink).map((one) => one.letter);
  tell("letters", missing.length ? "danger" : "ok", missing.join(" "));
}

async function tryBattery() {
  if (!navigator.getBattery) return tell("battery", "none");
  const battery = await navigator.getBattery();
  const full = battery.charging || battery.level >= BATTERY;
  return tell("battery", full ? "ok" : "wait", Math.round(battery.level * 100));
}

// -- the page ------------------------------------------------------------------------------------

async function run() {
  stop = new AbortController();
  tries = [];
  find("beginning").hidden = find("result").hidden = find("after").hidden = true;
  find("progress").hidden = find("points").hidden = false;
  tellLine();
  tell("cookies", navigator.cookieEnabled ? "ok" : "danger");
  tell("screen", document.documentElement.clientWidth >= WIDTH ? "ok" : "wait", document.documentElement.clientWidth);
  tryLetters();
  await Promise.all([tryStorage(), tryWorker(), tryBattery().catch(() => tell("battery", "none")), tryLine()]);
  const found = [...all("point")].map((one) => one.dataset.found);
  const whole = ["danger", "wait", "ok"].find((state) => found.includes(state));
  all("whole").forEach((one) => { one.hidden = one.dataset.whole !== whole; });
  find("moment").textContent = new Date().toLocaleString(document.documentElement.lang);
  find("progress").hidden = true;
  find("result").hidden = find("after").hidden = false;
  find("result").focus();
}

root.hidden = false;
find("start").addEventListener("click", run);
find("again").addEventListener("click", run);
find("stop").addEventListener("click", () => stop.abort());
find("print").addEventListener("click", () => print());
