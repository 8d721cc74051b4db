export interface Overheard {
  readonly status: number;
  readonly headers: Headers;
  /** As far as it was received. */
  readonly body: string;
}

const READABLE = /[/+]json\b|^text\//;

/** Every text answer that arrives over `fetch` during `run`, unchanged. Those of the admin API are left out. */
export async function overhear(run: () => Promise<void>): Promise<readonly Overheard[]> {
  const heard: Promise<Overheard>[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (...call) => {
    const response = await fetch(...call);
    const { status, headers } = response;
    const admin = new URL(response.url).pathname.startsWith('/admin/');
    if (!admin && READABLE.test(headers.get('content-type') ?? ''))
      heard.push(textOf(response.clone()).then((body) => ({ status, headers, body })));
    return response;
  };
  try {
    await run();
  } finally {
    globalThis.fetch = fetch;
  }
  return Promise.all(heard);
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch {
    // The test aborted it.
  }
  return text;
}
