// Beside the questions of an attempt: how large the text is and how strong its contrast, and a calculator.

function look() {
  const contrastButton = document.querySelector("[data-contrast]");
  let [size, contrast] = [0, false];
  try { [size, contrast] = JSON.parse(localStorage.getItem("look")) || [0, false]; } catch (shut) { /* as it is */ }
  const put = () => {
    const { classList } = document.documentElement;
    [1, 2].forEach((one) => classList.toggle(`size-${one}`, size === one));
    classList.toggle("contrast", contrast);
    contrastButton.setAttribute("aria-pressed", contrast);
    document.querySelector("[data-size-now]").textContent = size + 1;
    try { localStorage.setItem("look", JSON.stringify([size, contrast])); } catch (shut) { /* for this page only */ }
  };
  document.querySelector("[data-size]").onclick = () => { size = (size + 1) % 3; put(); };
  contrastButton.onclick = () => { contrast = !contrast; put(); };
  put();
}

function calculator(place) {
  let total = 0, sign = "", typed = "";
  const does = { "+": (a, b) => a + b, "−": (a, b) => a - b, "×": (a, b) => a * b, "÷": (a, b) => a / b };
  const screen = document.createElement("output");
  const write = (text) => { screen.textContent = text.replace(".", ",").replace("-", "−"); };
  const plain = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(12))) : "–");
  const reckon = () => {
    if (typed) total = sign ? does[sign](total, Number(typed)) : Number(typed);
    typed = "";
    write(plain(total));
  };
  const key = (text) => {
    if (/[\d,]/.test(text)) {
      if (typed.length < 15 && !(text === "," && typed.includes("."))) typed = (typed === "0" ? "" : typed) + text.replace(",", typed ? "." : "0.");
      if (!sign && typed.length === 1) total = 0;
      write(typed);
    } else if (text === "C") {
      [total, sign, typed] = [0, "", ""];
      write("0");
    } else if (text === "%") {
      if (typed) typed = plain(/[+−]/.test(sign) ? total * Number(typed) / 100 : Number(typed) / 100);
      write(typed || "0");
    } else {
      reckon();
      sign = text === "=" ? "" : text;
    }
  };
  place.append(screen);
  for (const text of "789÷456×123−0,%+C=") {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.onclick = () => key(text);
    place.append(button);
  }
  write("0");
}

document.querySelectorAll("[data-scripted]").forEach((one) => { one.hidden = false; });
look();
const place = document.querySelector("[data-calculator]");
if (place) calculator(place);
