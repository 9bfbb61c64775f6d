/** The script of a sweep's page: ties the choices at its top to the heat map and the slices. */
/// <reference lib="dom" />
import { HeatMap, type Colouring } from './sweep-map.js';
import { SweepModel, type EmbeddedSweep, type Place } from './sweep-model.js';
import { Slices } from './sweep-slices.js';

const by = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

function wire(sweep: EmbeddedSweep): void {
  const model = new SweepModel(sweep);
  const [metric, across, upwards, colouring] = ['metric', 'across', 'upwards', 'colouring'].map((id) =>
    by<HTMLSelectElement>(`sweep-${id}`),
  ) as [HTMLSelectElement, HTMLSelectElement, HTMLSelectElement, HTMLSelectElement];
  const held = sweep.axes.map((_, axis) => by<HTMLSelectElement>(`sweep-held-${axis}`));
  let chosen = sweep.best ?? -1;
  const readout = by('sweep-readout');
  const map = new HeatMap(by('sweep-map'), by('sweep-legend'), model, {
    read: (spot, points) => void (readout.textContent = map.wordsOf(spot, points)),
    choose: (spot) => {
      if (spot.first < 0) return;
      chosen = spot.first;
      drawSlices();
      for (const cell of document.querySelectorAll('#sweep-map .chosen')) cell.classList.remove('chosen');
      document.activeElement?.closest('td')?.classList.add('chosen');
    },
  });
  const hosts = sweep.axes.map((_, axis) => by(`slice-${axis}`));
  const slices = new Slices(model, hosts);

  const shown = (): { x: number; y: number | null } => {
    const [x, y] = [Number(across.value), upwards.value === '' ? null : Number(upwards.value)];
    return { x, y: y === x ? null : y };
  };

  function drawMap(): void {
    const { x, y } = shown();
    held.forEach((select, axis) => (select.parentElement!.hidden = axis === x || axis === y));
    const place: Place = held.map(({ value }) => (value === '' ? null : Number(value)));
    map.draw({ metric: Number(metric.value), x, y, place, colouring: colouring.value as Colouring }, chosen);
  }

  /** Through the chosen cell on a grid; over all cells where they were drawn. */
  function drawSlices(): void {
    const points = chosen < 0 ? null : model.pointsOf(chosen);
    const everywhere = sweep.axes.map(() => null);
    const place = sweep.isGrid && points ? points : everywhere;
    const told = by('slices-told');
    const values = sweep.axes.map(
      ({ label }, axis) => `${label} ${chosen < 0 ? '' : model.valueText(chosen, axis)}`,
    );
    told.textContent =
      sweep.isGrid && points
        ? `Through cell ${chosen}: ${values.join(', ')}. Choose another one in the map by click or Enter.`
        : 'Means over all cells of a bin with 95 % bands over them.';
    slices.draw(
      Number(metric.value),
      sweep.axes.map(() => place),
      points,
    );
  }

  const drawAll = (): void => {
    drawMap();
    drawSlices();
  };
  for (const select of [across, upwards, colouring, ...held]) select.addEventListener('change', drawMap);
  metric.addEventListener('change', drawAll);
  by('theme').addEventListener('click', drawAll);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth !== width) drawSlices();
    width = innerWidth;
  });
  by('swap-axes').addEventListener('click', () => {
    if (upwards.value === '') return;
    [across.value, upwards.value] = [upwards.value, across.value];
    drawMap();
  });
  drawAll();
}

const embedded = document.getElementById('sweep-data')?.textContent;
if (embedded) wire(JSON.parse(embedded) as EmbeddedSweep);
