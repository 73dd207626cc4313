// Keeps the live board of a sitting fresh. Words and addresses stand on the page, in data- attributes.

const EVERY = 10000;
const LONGEST = 160000;
const board = document.querySelector("[data-board]");
const line = document.querySelector("[data-updated]");
let tag = "";
let wait = EVERY;
let timer = 0;

const say = (words) => {
  line.textContent = words.replace("{}", new Date().toLocaleTimeString(document.documentElement.lang));
};

function put(html) {
  const held = board.contains(document.activeElement) && document.activeElement.getAttribute("href");
  board.innerHTML = html;
  if (held) board.querySelector(`[href="${held}"]`)?.focus({ preventScroll: true });
}

async function look() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const answer = await fetch(board.dataset.board, {
      headers: { "If-None-Match": tag },
      redirect: "error",
      signal: AbortSignal.timeout(15000),
    });
    if (answer.status === 200 && answer.headers.get("X-Board")) {
      tag = answer.headers.get("ETag");
      put(await answer.text());
    } else if (answer.status !== 304) throw answer.status;
    wait = EVERY;
    say(line.dataset.fresh);
  } catch {
    // Also after a sign-out: the line says since when nothing is new, and the link reloads the page.
    if (wait === EVERY) say(line.dataset.old);
    wait = Math.min(wait * 2, LONGEST);
  }
  // Boards opened at one moment do not ask at one moment.
  timer = setTimeout(look, wait * (0.9 + Math.random() / 5));
}

document.addEventListener("visibilitychange", look);
look();
