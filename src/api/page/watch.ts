/** The script of the page that shows a book as it goes: a ladder, the line of the mid price, the account. */
/// <reference lib="dom" />
import type { SentFrame } from '../routes/book.js';

type Message = { readonly type: 'start' | 'end' } | ({ readonly type: 'book' } & SentFrame);

/** Mid prices that the line shows; older ones leave it. */
const MAX_POINTS = 600;
/** For people who told their system to move nothing, a new picture comes but once a second. */
const FRAMES_PER_S = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1 : 10;

const id = location.pathname.split('/')[2]!;
const speed = document.querySelector<HTMLSelectElement>('#speed')!;
const canvas = document.querySelector('canvas')!;
let mids: { readonly tNs: number; readonly ticks: number }[] = [];
let fills = 0;
let socket: WebSocket | null = null;

function text(name: string, value: string): void {
  document.querySelector(`#${name}`)!.textContent = value;
}

function ladder(side: string, levels: SentFrame['bids'], ownTicks: number): void {
  const rows = levels.map(([ticks, lots]) => {
    const row = document.createElement('tr');
    if (ticks === ownTicks) row.className = 'own';
    for (const value of [ticks, lots]) row.insertCell().textContent = value.toLocaleString('en');
    return row;
  });
  document.querySelector(`#${side} tbody`)!.replaceChildren(...rows);
}

function line(): void {
  const pen = canvas.getContext('2d')!;
  const { width, height } = canvas;
  pen.clearRect(0, 0, width, height);
  if (mids.length < 2) return;
  const ticks = mids.map((mid) => mid.ticks);
  const [low, high] = [Math.min(...ticks), Math.max(...ticks)];
  const [first, last] = [mids[0]!.tNs, mids.at(-1)!.tNs];
  pen.strokeStyle = getComputedStyle(canvas).color;
  pen.lineWidth = 2;
  pen.beginPath();
  for (const mid of mids) {
    const x = ((mid.tNs - first) / (last - first)) * (width - 4) + 2;
    pen.lineTo(x, height - 4 - ((mid.ticks - low) / (high - low || 1)) * (height - 8));
  }
  pen.stroke();
}

function show(frame: SentFrame): void {
  const { tNs, bids, asks, ownBidTicks, ownAskTicks, inventoryLots, pnl } = frame;
  if (bids[0] && asks[0]) mids.push({ tNs, ticks: (bids[0][0] + asks[0][0]) / 2 });
  if (mids.length > MAX_POINTS) mids.shift();
  fills += frame.fills.length;
  ladder('bids', bids, ownBidTicks);
  ladder('asks', asks, ownAskTicks);
  text('time', `${(tNs / 1e9).toFixed(0)} s`);
  text('inventory', `${inventoryLots} lots`);
  text('pnl', pnl.toFixed(2));
  text('fills', String(fills));
  line();
}

function connect(): void {
  socket?.close();
  mids = [];
  fills = 0;
  const asked = new URLSearchParams({ speed: speed.value, framesPerS: String(FRAMES_PER_S) });
  const here = new WebSocket(`/v1/jobs/${id}/book?${asked.toString()}`);
  socket = here;
  text('state', 'Connecting.');
  let isOver = false;
  here.onmessage = ({ data }: MessageEvent<string>) => {
    const message = JSON.parse(data) as Message;
    if (message.type === 'book') return show(message);
    isOver = message.type === 'end';
    text('state', isOver ? 'The run has ended.' : 'Running.');
  };
  here.onclose = () => {
    if (here !== socket || isOver) return;
    text('state', 'The connection ended. Choose a speed to begin again, or reload the page for the reason.');
  };
}

speed.onchange = connect;
connect();
