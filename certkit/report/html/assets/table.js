// The table: a page of it at a time, so that ten thousand rows cost what fifty do.
const ROWS = 50;
const PRINTED_ROWS = 1000;
const ROWS_AT_ONCE = 20; // what a screen shows; the others come once nobody types
const PAUSE_MILLISECONDS = 100;
const COLUMNS = {
  domain: (one) => one.domain.toLowerCase(),
  left: (one) => one.until ?? Infinity,
  share: (one) => one.share ?? Infinity,
  name: (one) => one.name.toLowerCase(),
  owner: (one) => one.owner.toLowerCase(),
  key: (one) => one.key,
  type: (one) => one.type + one.status,
  used: (one) => (one.inUse ? 0 : 1),
  account: (one) => one.account,
  region: (one) => one.region,
};

class CertificateTable {
  constructor(element) {
    this.body = element.tBodies[0];
    this.heads = [...element.querySelectorAll("th[data-column]")];
    this.pages = document.getElementById("pages");
    this.status = document.getElementById("count");
    this.column = "left";
    this.descending = false;
    this.size = ROWS;
    this.page = 0;
    this.shown = [];
    for (const head of this.heads) {
      head.firstElementChild.addEventListener("click", () => this.sortBy(head.dataset.column));
    }
    for (const button of this.pages.querySelectorAll("button")) {
      button.addEventListener("click", () => this.turn(button.dataset.page));
    }
    addEventListener("beforeprint", () => this.resize(PRINTED_ROWS));
    addEventListener("afterprint", () => this.resize(ROWS));
  }

  show(certificates, total) {
    this.shown = certificates;
    this.total = total;
    this.page = 0;
    this.sort();
    this.draw();
  }

  sortBy(column) {
    this.descending = column === this.column && !this.descending;
    this.column = column;
    this.page = 0;
    this.sort();
    this.draw();
  }

  sort() {
    const order = COLUMNS[this.column];
    const way = this.descending ? -1 : 1;
    // What was never issued stays behind, whichever way the others go.
    const last = (value) => (value === Infinity || value === "" ? 1 : 0);
    const keyed = this.shown.map((one) => [order(one), one]);
    keyed.sort(([a], [b]) => last(a) - last(b) || (a < b ? -way : a > b ? way : 0));
    this.shown = keyed.map(([, one]) => one);
    for (const head of this.heads) {
      const is = head.dataset.column === this.column;
      head.setAttribute("aria-sort", is ? (this.descending ? "descending" : "ascending") : "none");
    }
  }

  turn(to) {
    const last = this.lastPage();
    this.page = { first: 0, previous: this.page - 1, next: this.page + 1, last }[to];
    this.draw();
  }

  resize(size) {
    this.page = 0;
    this.size = size;
    this.draw();
    this.complete();
  }

  complete() {
    this.body.append(...this.rest.map(certificateRow));
    this.rest = [];
  }

  lastPage() {
    return Math.max(0, Math.ceil(this.shown.length / this.size) - 1);
  }

  draw() {
    const start = this.page * this.size;
    const rows = this.shown.slice(start, start + this.size);
    this.body.replaceChildren(...rows.slice(0, ROWS_AT_ONCE).map(certificateRow));
    this.rest = rows.slice(ROWS_AT_ONCE);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.complete(), PAUSE_MILLISECONDS);
    const last = this.lastPage();
    const number = (value) => value.toLocaleString("en");
    this.status.textContent = `${number(this.shown.length)} of ${number(this.total)} certificates, page ${number(this.page + 1)} of ${number(last + 1)}`;
    for (const button of this.pages.querySelectorAll("button")) {
      button.disabled = ["first", "previous"].includes(button.dataset.page) ? this.page === 0 : this.page === last;
    }
  }
}

function certificateRow(one) {
  const mark = make("span", { className: "mark", "aria-hidden": "true" }, MARKS[one.urgency]);
  const isPlain = ["ISSUED", "EXPIRED"].includes(one.status);
  return make("tr", {},
    names(one),
    make("td", { className: `nowrap ${one.urgency}` }, mark, WORDS[one.urgency]),
    make("td", { className: "number" }, one.left === null ? "–" : one.left.toLocaleString("en")),
    make("td", { className: "number" }, one.share === null ? "–" : `${Math.floor(one.share * 100)} %`),
    make("td", { className: "nowrap" }, one.until === null ? "–" : dateText(one.until)),
    cell(one.account), cell(one.region), cell(one.owner), cell(one.inUse ? "yes" : "no"), cell(one.name),
    cell(one.key), cell(isPlain ? one.type : `${one.type} ${one.status}`));
}

// What a row says beyond its cells is made when it is asked for: fifty closed <details> take longer than all the rest.
function names(one) {
  const others = one.sans.filter((name) => name !== one.domain);
  const more = others.length ? `, ${others.length} more ${others.length === 1 ? "name" : "names"}` : "";
  const button = make("button", { type: "button", "aria-expanded": "false" }, (one.arn.startsWith("arn:") ? "ARN" : "source") + more);
  button.addEventListener("click", () => unfold(button, one, others));
  return make("th", { scope: "row", className: "names" }, make("bdi", {}, one.domain || "–"), button);
}

function unfold(button, one, others) {
  const isOpen = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!isOpen));
  if (isOpen) {
    button.nextElementSibling.remove();
    return;
  }
  const list = others.flatMap((name, place) => (place ? [", ", make("bdi", {}, name)] : [make("bdi", {}, name)]));
  button.after(make("div", {}, make("code", {}, one.arn), ...list));
}

function cell(text) {
  return make("td", { className: "nowrap" }, make("bdi", {}, text || "–"));
}
