// Lifetimes: a line for each certificate, soonest expiry on top.
const YEAR = 365 * DAY;
const HEAD = 22;

class Timeline {
  constructor(canvas, readout, certificates, at) {
    this.canvas = canvas;
    this.readout = readout;
    this.at = at;
    this.certificates = [];
    const issued = certificates.filter((one) => one.until !== null);
    this.setRange(issued);
    canvas.addEventListener("mousemove", (event) => this.tell(event.offsetY));
    canvas.addEventListener("mouseleave", () => { readout.textContent = ""; });
    new ResizeObserver(() => this.paint()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paint());
  }

  setRange(issued) {
    const ends = issued.map((one) => one.until).sort((a, b) => a - b);
    const starts = issued.map((one) => one.from).sort((a, b) => a - b);
    const share = (sorted, part) => sorted[Math.floor((sorted.length - 1) * part)] ?? this.at;
    // One that lasts thirty years must not squeeze all others into a dot.
    this.first = Math.max(share(starts, 0.02), this.at - 2 * YEAR);
    this.last = Math.max(this.at + 60 * DAY, Math.min(share(ends, 0.98), this.at + 2 * YEAR));
  }

  draw(certificates) {
    this.certificates = certificates.filter((one) => one.until !== null).sort((a, b) => a.until - b.until);
    const count = this.certificates.length.toLocaleString("en");
    this.canvas.setAttribute("aria-label", `Lifetimes of ${count} certificates, soonest expiry on top. The table holds the same.`);
    this.paint();
  }

  paint() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width) return;
    const scale = devicePixelRatio || 1;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    const pen = this.canvas.getContext("2d");
    pen.scale(scale, scale);
    const style = getComputedStyle(document.documentElement);
    const colours = new Map();
    const colour = (name) => colours.get(name) ?? colours.set(name, style.getPropertyValue(`--${name}`)).get(name);
    const x = (time) => ((Math.min(this.last, Math.max(this.first, time)) - this.first) / (this.last - this.first)) * width;
    this.grid(pen, x, height, colour);
    this.lines(pen, x, height - HEAD, colour);
    pen.fillStyle = colour("text");
    pen.fillRect(x(this.at), HEAD - 6, 1.5, height);
  }

  lines(pen, x, height, colour) {
    const strips = this.strips(height);
    for (const [isLeft, opacity] of [[false, 0.3], [true, 1]]) {
      pen.globalAlpha = opacity;
      for (const { urgency, from, until, top, thick } of strips) {
        const start = isLeft ? Math.max(this.at, from) : from;
        const end = isLeft ? until : Math.min(until, this.at);
        if (start >= end) continue;
        pen.fillStyle = colour(urgency);
        pen.fillRect(x(start), HEAD + top, Math.max(1.5, x(end) - x(start)), thick);
      }
    }
  }

  // A strip for each certificate. Where several share a pixel, one for each urgency among them, as thick as its share:
  // ten thousand would take long to paint, and their colours must not hide each other.
  strips(height) {
    const step = this.step(height);
    if (step >= 1) return this.certificates.map((one, place) => ({ ...one, top: place * step, thick: step > 3 ? step * 0.8 : step }));
    const size = Math.ceil(1 / step);
    const strips = [];
    for (let place = 0; place < this.certificates.length; place += size) {
      const group = this.certificates.slice(place, place + size);
      let top = place * step;
      for (const urgency of URGENCIES) {
        const same = group.filter((one) => one.urgency === urgency);
        if (!same.length) continue;
        const mean = (name) => same.reduce((sum, one) => sum + one[name], 0) / same.length;
        strips.push({ urgency, from: mean("from"), until: mean("until"), top, thick: same.length * step });
        top += same.length * step;
      }
    }
    return strips;
  }

  step(height) {
    return Math.min(12, height / Math.max(1, this.certificates.length));
  }

  grid(pen, x, height, colour) {
    const months = Math.max(1, Math.ceil((this.last - this.first) / (30 * DAY) / 8));
    const day = new Date(this.first * 1000);
    day.setUTCDate(1);
    pen.font = "11px system-ui, sans-serif";
    for (;;) {
      day.setUTCMonth(day.getUTCMonth() + months);
      const time = day.getTime() / 1000;
      if (time > this.last) return;
      pen.fillStyle = colour("line");
      pen.fillRect(x(time), HEAD - 6, 1, height);
      pen.fillStyle = colour("quiet");
      if (x(time) < this.canvas.clientWidth - 45) pen.fillText(dateText(time).slice(0, 7), x(time) + 3, 11);
    }
  }

  tell(y) {
    const one = this.certificates[Math.floor((y - HEAD) / this.step(this.canvas.clientHeight - HEAD))];
    this.readout.textContent = one ? `${one.domain || one.arn}: ${dateText(one.from)} to ${dateText(one.until)}` : "";
  }
}
