// When they expire: a bar for each week or month, each a button that leaves its certificates alone in the table.
const MOST_BARS = 18;
const BAR_REMS = 11.25; // the 17 of the picture, less the label and the count

function expiryBuckets(certificates, at) {
  const lefts = certificates.filter((one) => one.until !== null && one.until > at).map((one) => one.until - at);
  lefts.sort((a, b) => a - b);
  const most = lefts.length ? lefts[Math.floor((lefts.length - 1) * 0.95)] : 0;
  const width = most <= 16 * 7 * DAY ? 7 : 30;
  const count = Math.max(4, Math.min(MOST_BARS - 2, Math.ceil(most / (width * DAY)) || 1));
  const buckets = [{ label: "expired", to: at }];
  for (let bar = 0; bar < count; bar += 1) {
    const from = at + bar * width * DAY;
    buckets.push({ label: dateText(from), from, to: from + width * DAY });
  }
  buckets.push({ label: "later" });
  return { unit: width === 7 ? "week" : "30 days", buckets };
}

class Histogram {
  constructor(element, certificates, at, choose) {
    this.element = element;
    ({ unit: this.unit, buckets: this.buckets } = expiryBuckets(certificates, at));
    document.getElementById("unit").textContent = `A bar is ${this.unit === "week" ? "a week" : "30 days"}, from the day below it on. Press one to see its certificates alone.`;
    this.bars = this.buckets.map(({ label }, place) => this.bar(label, () => choose(place)));
    element.replaceChildren(...this.bars.map((bar) => bar.item));
  }

  bar(label, choose) {
    const count = make("span", { className: "count" });
    const parts = URGENCIES.slice(0, 4).map((urgency) => make("span", { className: `part ${urgency}` }));
    const button = make("button", { type: "button", "aria-pressed": "false" }, count, ...parts, make("span", { className: "label", "aria-hidden": "true" }, label));
    button.addEventListener("click", choose);
    return { item: make("li", {}, button), button, count, parts, label };
  }

  // The place of the bar that a certificate stands in, -1 for one that was never issued.
  placeOf(one) {
    const [{ to: at }, { from, to }] = this.buckets;
    if (one.until === null) return -1;
    return one.until <= at ? 0 : Math.min(this.buckets.length - 1, 1 + Math.floor((one.until - from) / (to - from)));
  }

  draw(certificates, chosen) {
    const tallies = this.buckets.map(() => [0, 0, 0, 0]);
    for (const one of certificates) {
      if (one.until !== null) tallies[this.placeOf(one)][URGENCIES.indexOf(one.urgency)] += 1;
    }
    const totals = tallies.map((tally) => tally.reduce((a, b) => a + b));
    const most = Math.max(1, ...totals);
    this.bars.forEach((bar, place) => drawBar(bar, tallies[place], totals[place] / most, place === chosen, this.unit));
  }
}

function drawBar(bar, tally, height, isChosen, unit) {
  const total = tally.reduce((a, b) => a + b);
  bar.count.textContent = total ? total.toLocaleString("en") : "";
  bar.button.disabled = !total && !isChosen;
  bar.button.setAttribute("aria-pressed", String(isChosen));
  const span = ["expired", "later"].includes(bar.label) ? bar.label : `${unit} from ${bar.label}`;
  bar.button.setAttribute("aria-label", `${span}: ${total} certificates`);
  bar.parts.forEach((part, place) => {
    part.hidden = !tally[place];
    part.style.height = `${(BAR_REMS * height * tally[place]) / Math.max(1, total)}rem`;
  });
}
