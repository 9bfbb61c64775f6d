/** The heat map of a sweep: a real table whose cells are coloured, with one tab stop and arrow keys. */
/// <reference lib="dom" />
import { css } from './canvas.js';
import { shortNumber, type SweepModel, type Place, type Spot } from './sweep-model.js';

export type Colouring = 'quantile' | 'linear';

export interface MapView {
  readonly metric: number;
  readonly x: number;
  readonly y: number | null;
  readonly place: Place;
  readonly colouring: Colouring;
}

interface Rgb {
  readonly css: string;
  readonly isLight: boolean;
}

const STEPS = 64;
/** More columns leave no room for numbers. */
const NUMBER_COLUMNS = 12;
/** As many have room for numbers on a telephone. */
const FEW_COLUMNS = 5;
const STATE_TEXT = ['open', '', 'failed', 'cancelled'];
/** Labels that stand at an axis at most, and below one on a telephone. */
const [MAX_LABELS, MAX_ROW_LABELS, NARROW_LABELS] = [12, 20, 3];

function ramp(): Rgb[] {
  const stops = [0, 1, 2, 3, 4].map((i) => css(`heat${i}`));
  const rgb = stops.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return Array.from({ length: STEPS }, (_, i) => {
    const at = (i / (STEPS - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    const mixed = [0, 1, 2].map((c) => {
      const from = rgb[low]![c]!;
      return Math.round(from + (rgb[low + 1]![c]! - from) * (at - low));
    });
    const [r, g, b] = mixed.map((c) => (c <= 10 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return { css: `rgb(${mixed.join(',')})`, isLight: 0.2126 * r! + 0.7152 * g! + 0.0722 * b! > 0.179 };
  });
}

/** Share 0..1 of a value among those of the map. By quantile equal shares of cells have equal colours. */
function scaleOf(values: readonly number[], colouring: Colouring): (value: number) => number {
  const [low, high] = [values[0] ?? 0, values.at(-1) ?? 0];
  if (!(high > low)) return () => 0.5;
  if (colouring === 'linear') return (value) => (value - low) / (high - low);
  return (value) => {
    let [from, to] = [0, values.length - 1];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (values[middle]! < value) from = middle + 1;
      else to = middle;
    }
    return from / (values.length - 1);
  };
}

export class HeatMap {
  readonly #host: HTMLElement;
  readonly #legend: HTMLElement;
  readonly #model: SweepModel;
  readonly #read: (spot: Spot, points: readonly [x: number, y: number]) => void;
  #view: MapView | null = null;
  #spots: readonly Spot[] = [];
  /** Cells of the table by row from above and column. */
  #cells: HTMLTableCellElement[][] = [];

  /** `read` hears where the pointer or the focus is; `choose` of a click, Enter or Space. */
  constructor(
    host: HTMLElement,
    legend: HTMLElement,
    model: SweepModel,
    listeners: {
      read(spot: Spot, points: readonly [x: number, y: number]): void;
      choose(spot: Spot): void;
    },
  ) {
    this.#host = host;
    this.#legend = legend;
    this.#model = model;
    this.#read = (spot, points) => listeners.read(spot, points);
    const at = (target: EventTarget | null): [number, number] | null => {
      const cell = (target as HTMLElement | null)?.closest<HTMLElement>('td');
      return cell ? [Number(cell.dataset['row']), Number(cell.dataset['col'])] : null;
    };
    const tell = (event: Event): void => {
      const found = at(event.target);
      if (found) this.#tell(...found);
    };
    host.addEventListener('pointerover', tell);
    host.addEventListener('focusin', tell);
    host.addEventListener('click', (event) => {
      const found = at(event.target);
      if (!found) return;
      this.#focus(...found);
      listeners.choose(this.#spotAt(...found));
    });
    host.addEventListener('keydown', (event) => {
      const found = at(event.target);
      if (!found) return;
      if (event.key === 'Enter' || event.key === ' ') listeners.choose(this.#spotAt(...found));
      else if (!this.#move(event, ...found)) return;
      event.preventDefault();
    });
  }

  draw(view: MapView, chosen: number): void {
    this.#view = view;
    const { metric, x, y, place, colouring } = view;
    this.#spots = this.#model.spots(metric, x, y, place);
    const values = this.#spots.map(({ mean }) => mean).filter((mean) => !Number.isNaN(mean));
    values.sort((a, b) => a - b);
    const colours = ramp();
    const scale = scaleOf(values, colouring);
    const colourOf = (mean: number): Rgb => colours[Math.round(scale(mean) * (STEPS - 1))]!;
    this.#host.replaceChildren(this.#table(colourOf));
    this.#mark(chosen);
    this.#drawLegend(values, colouring);
  }

  #rows(): number {
    const { y } = this.#view!;
    return y === null ? 1 : this.#model.axes[y]!.points.length;
  }

  #columns(): number {
    return this.#model.axes[this.#view!.x]!.points.length;
  }

  /** Rows stand from above, values of y rise upwards. */
  #spotAt(row: number, col: number): Spot {
    return this.#spots[(this.#rows() - 1 - row) * this.#columns() + col]!;
  }

  #table(colourOf: (mean: number) => Rgb): HTMLTableElement {
    const { x, y, metric } = this.#view!;
    const [rows, columns] = [this.#rows(), this.#columns()];
    const [across, up] = [this.#model.axes[x]!, y === null ? null : this.#model.axes[y]!];
    const table = document.createElement('table');
    table.className =
      columns <= FEW_COLUMNS ? 'heat wide few' : columns <= NUMBER_COLUMNS ? 'heat wide' : 'heat';
    table.style.setProperty('--columns', String(columns));
    table.createCaption().textContent =
      `${this.#model.sweep.metrics[metric]!.label}: ${across.label} across` +
      (up ? `, ${up.label} upwards` : '');
    const body = table.createTBody();
    this.#cells = [];
    for (let row = 0; row < rows; row++) {
      const line = body.insertRow();
      const point = rows - 1 - row;
      line.append(headCell('row', up?.points[point]?.text ?? '', point, rows));
      const cells: HTMLTableCellElement[] = [];
      for (let col = 0; col < columns; col++) {
        const cell = line.insertCell();
        this.#fill(cell, row, col, colourOf, columns <= NUMBER_COLUMNS);
        cells.push(cell);
      }
      this.#cells.push(cells);
    }
    const foot = table.createTFoot().insertRow();
    const corner = document.createElement('td');
    corner.className = 'corner';
    foot.append(corner);
    across.points.forEach(({ text }, col) => foot.append(headCell('col', text, col, columns)));
    return table;
  }

  #fill(
    cell: HTMLTableCellElement,
    row: number,
    col: number,
    colourOf: (mean: number) => Rgb,
    numbers: boolean,
  ): void {
    const spot = this.#spotAt(row, col);
    const words = this.wordsOf(spot, [col, this.#rows() - 1 - row]);
    cell.dataset['row'] = String(row);
    cell.dataset['col'] = String(col);
    cell.tabIndex = -1;
    cell.title = words;
    cell.setAttribute('aria-label', words);
    if (Number.isNaN(spot.mean)) cell.className = spot.state === 2 ? 'failed' : 'none';
    else {
      const colour = colourOf(spot.mean);
      cell.style.background = colour.css;
      cell.style.color = colour.isLight ? '#000' : '#fff';
      if (numbers) cell.textContent = shortNumber(spot.mean);
    }
  }

  /** "gamma 0.1, lots 2: PnL 51.6 (49.1 to 54.0) currency, cell 17". */
  wordsOf(spot: Spot, [px, py]: readonly [number, number]): string {
    const { metric, x, y } = this.#view!;
    const { label, unit } = this.#model.sweep.metrics[metric]!;
    const name = (axis: number, point: number): string => {
      const { label: axisLabel, points } = this.#model.axes[axis]!;
      return `${axisLabel} ${points[point]!.text}`;
    };
    const place = [name(x, px), ...(y === null ? [] : [name(y, py)])].join(', ');
    if (Number.isNaN(spot.mean)) return `${place}: ${STATE_TEXT[spot.state] || 'no value'}`;
    const interval = Number.isNaN(spot.low)
      ? ''
      : ` (${shortNumber(spot.low, 4)} to ${shortNumber(spot.high, 4)})`;
    const behind = spot.cells === 1 ? `cell ${spot.first}` : `mean of ${spot.cells} cells`;
    const failed = STATE_TEXT[spot.state] ? `, ${STATE_TEXT[spot.state]}` : '';
    return `${place}: ${label} ${shortNumber(spot.mean, 4)}${interval}${unit && ` ${unit}`}, ${behind}${failed}`;
  }

  #tell(row: number, col: number): void {
    this.#read(this.#spotAt(row, col), [col, this.#rows() - 1 - row]);
  }

  /** Makes the spot of a cell the one tab stop and shows it as chosen. */
  #mark(chosen: number): void {
    let found: HTMLTableCellElement | null = null;
    const { x, y, place } = this.#view!;
    const points = chosen < 0 ? null : this.#model.pointsOf(chosen);
    const isHere = points?.every(
      (point, axis) => axis === x || axis === y || (place[axis] ?? point) === point,
    );
    if (points && isHere) found = this.#cells[this.#rows() - 1 - (y === null ? 0 : points[y]!)]![points[x]!]!;
    found?.classList.add('chosen');
    (found ?? this.#cells[0]?.[0])?.setAttribute('tabindex', '0');
  }

  #focus(row: number, col: number): void {
    for (const cell of this.#host.querySelectorAll<HTMLElement>('td[tabindex="0"]')) cell.tabIndex = -1;
    const cell = this.#cells[row]?.[col];
    if (!cell) return;
    cell.tabIndex = 0;
    cell.focus();
  }

  #move({ key, ctrlKey }: KeyboardEvent, row: number, col: number): boolean {
    const [rows, columns] = [this.#rows() - 1, this.#columns() - 1];
    const next: Readonly<Record<string, [number, number]>> = {
      ArrowUp: [Math.max(0, row - 1), col],
      ArrowDown: [Math.min(rows, row + 1), col],
      ArrowLeft: [row, Math.max(0, col - 1)],
      ArrowRight: [row, Math.min(columns, col + 1)],
      Home: [ctrlKey ? 0 : row, 0],
      End: [ctrlKey ? rows : row, columns],
    };
    const to = next[key];
    if (!to) return false;
    this.#focus(...to);
    return true;
  }

  #drawLegend(values: readonly number[], colouring: Colouring): void {
    const [low, high] = [values[0] ?? 0, values.at(-1) ?? 0];
    const at = (share: number): number =>
      colouring === 'linear'
        ? low + share * (high - low)
        : (values[Math.round(share * (values.length - 1))] ?? 0);
    const marks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
      const mark = document.createElement('span');
      mark.textContent = shortNumber(at(share));
      return mark;
    });
    this.#legend.replaceChildren(...(values.length > 0 ? marks : []));
  }
}

/** A head whose text shows where there is room for it, and is read out everywhere. */
function headCell(scope: 'row' | 'col', text: string, at: number, of: number): HTMLTableCellElement {
  const head = document.createElement('th');
  head.scope = scope;
  const every = Math.ceil(of / (scope === 'row' ? MAX_ROW_LABELS : MAX_LABELS));
  const sparse = scope === 'row' ? every : every * Math.ceil(of / every / NARROW_LABELS);
  const label = document.createElement('span');
  label.textContent = text;
  if (at % sparse !== 0) label.className = at % every === 0 ? 'unseen-narrow' : 'unseen';
  head.append(label);
  return head;
}
