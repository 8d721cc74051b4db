import type { GenerationRequest } from '../packages/gateway/src/domain/request.ts';
import { MediaPool } from '../packages/gateway/src/providers/sandbox/media/pool.ts';
import { createSandbox } from '../packages/gateway/src/providers/sandbox/sandbox.ts';

/** Files like those of real providers, because whatever comes back is decoded and measured. */
export interface MediaFiles {
  readonly picture: Uint8Array;
  readonly clip: Uint8Array;
  readonly speech: Uint8Array;
}

export async function makeFiles(): Promise<MediaFiles> {
  const sandbox = createSandbox({
    media: new MediaPool(),
    probe: () => Promise.reject(new Error('no sources here')),
  });
  const make = async (request: GenerationRequest): Promise<Uint8Array> => {
    const reply = await sandbox.submit({
      idempotencyKey: 'chaos',
      attempt: 1,
      model: 'chaos',
      mode: 'test',
      request,
      fetchSource: () => Promise.reject(new Error('no sources here')),
      readArtifact: () => Promise.reject(new Error('no artifacts here')),
      tell: () => {},
      signal: new AbortController().signal,
    });
    const [output] = reply.state === 'finished' ? reply.outputs : [];
    if (output === undefined) throw new Error('the sandbox made nothing');
    return output.bytes;
  };
  try {
    const prompt = 'a red mug';
    return {
      picture: await make({
        kind: 'image',
        prompt,
        width: 256,
        height: 256,
        count: 1,
        format: 'png',
        seed: 1,
      }),
      clip: await make({ kind: 'video', prompt, width: 128, height: 128, seconds: 1, sound: true, seed: 1 }),
      speech: await make({ kind: 'speech', text: 'Good morning.', format: 'mp3', seed: 1 }),
    };
  } finally {
    await sandbox.close?.();
  }
}
