import { renderImage } from '../../sandbox/media/image.ts';
import type { ImageJob } from '../../sandbox/media/jobs.ts';
import { type Act, type HttpDouble, type Seen, startHttpDouble } from '../../upstream/testing/http-double.ts';

export const KEY = 'sk-stability-0123456789abcdef';
const SIDE = 512;

export interface StabilityDouble extends HttpDouble {
  /** Holds asynchronous work unfinished until it is called. */
  release(): void;
}

/** A server on loopback that speaks Stability AI's API, with real pictures of the requested shape. */
export async function startStabilityDouble({ hold = false } = {}): Promise<StabilityDouble> {
  const results = new Map<string, { polls: number; readonly image: string }>();
  let held = hold;

  const answer = async (seen: Seen): Promise<Act> => {
    if (seen.headers.authorization !== `Bearer ${KEY}`)
      return {
        status: 401,
        body: { id: '1', name: 'unauthorized', errors: [`invalid ${seen.headers.authorization}`] },
      };
    if (seen.path.startsWith('/v2beta/results/')) return result(seen.path.split('/').at(-1) ?? '');
    const form = await seen.form();
    const sources = [...form.values()].filter((value) => value instanceof File);
    const image = await picture(form, await Promise.all(sources.map((file) => file.bytes())));
    if (!/creative|relight/.test(seen.path))
      return { body: { image, finish_reason: 'SUCCESS', seed: Number(form.get('seed')) } };
    const id = `result-${results.size + 1}`;
    results.set(id, { polls: 0, image });
    return { status: 202, body: { id } };
  };

  const result = (id: string): Act => {
    const found = results.get(id);
    if (found === undefined)
      return { status: 404, body: { id: '1', name: 'not_found', errors: ['expired'] } };
    found.polls += 1;
    if (held || found.polls < 2) return { status: 202, body: { id, status: 'in-progress' } };
    return { body: { result: found.image, finish_reason: 'SUCCESS', seed: 1 } };
  };

  return {
    ...(await startHttpDouble(answer)),
    release: () => {
      held = false;
    },
  };
}

async function picture(form: FormData, sources: Uint8Array[]): Promise<string> {
  const [across = 1, down = 1] = String(form.get('aspect_ratio') ?? '1:1')
    .split(':')
    .map(Number);
  const scale = SIDE / Math.max(across, down);
  const job: ImageJob = {
    kind: 'image',
    prompt: String(form.get('prompt') ?? ''),
    seed: Number(form.get('seed') ?? 1),
    width: Math.round(across * scale),
    height: Math.round(down * scale),
    format: (form.get('output_format') ?? 'png') as ImageJob['format'],
    sources,
  };
  return Buffer.from((await renderImage(job)).bytes).toString('base64');
}
