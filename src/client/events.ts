/** Reads text/event-stream (HTML standard, section 9.2) from the body of an answer. */

export interface ServerEvent {
  /** '' when the server gave none. */
  readonly id: string;
  readonly data: string;
  /** Milliseconds to wait before connecting anew, once the server told. */
  readonly retryMs: number | null;
}

/** Yields each event with data; ends with the body. Comments are skipped. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const utf8 = new TextDecoder();
  let text = '';
  let retryMs: number | null = null;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += utf8.decode(value, { stream: true });
      let end: number;
      while ((end = text.indexOf('\n\n')) >= 0) {
        const fields = fieldsOf(text.slice(0, end));
        text = text.slice(end + 2);
        if (fields['retry'] !== undefined) retryMs = Number(fields['retry']);
        const { id = '', data } = fields;
        if (data !== undefined) yield { id, data, retryMs };
      }
    }
  } finally {
    // Whoever stops reading lets the connection go.
    await reader.cancel().catch(() => undefined);
  }
}

function fieldsOf(block: string): Partial<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of block.split('\n')) {
    const at = line.indexOf(':');
    if (at <= 0) continue;
    const value = line.slice(at + 1).replace(/^ /, '');
    const name = line.slice(0, at);
    fields[name] = name in fields ? `${fields[name]}\n${value}` : value;
  }
  return fields;
}
