import { setTimeout as sleep } from 'node:timers/promises';
import { callJson, download } from './call.ts';
import { type Order, type Scene, SceneError } from './scene.ts';

/** The members of a speech task that the demo reads (contracts/skills-video.md section 6). */
interface SkillsVideoTask {
  readonly id: string;
  readonly status: 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'CANCELED';
  readonly data?: { readonly audio_url?: string | null } | null;
  readonly code?: string;
  readonly message?: string;
}

const STAGES = { IN_QUEUE: 'queued', IN_PROGRESS: 'processing' } as const;
const POLL_MS = 200;

/** A speech scene in the skills.video dialect: create, poll until the end, download from a link that needs no key. */
export function skillsVideoSpeech({ title, file, model, input }: Order): Scene {
  return {
    title,
    file,
    dialect: 'skills-video',
    model,
    async make(access, report) {
      report('submitting');
      let task = await callJson<SkillsVideoTask>(access, `/api/v1/generation/${model}`, input);
      const { id } = task;
      while (task.status === 'IN_QUEUE' || task.status === 'IN_PROGRESS') {
        report(STAGES[task.status]);
        await sleep(POLL_MS, undefined, { signal: access.signal });
        task = await callJson(access, `/api/v1/generation/${id}`);
      }
      const url = task.data?.audio_url ?? undefined;
      if (url === undefined) {
        const { status, code, message } = task;
        throw new SceneError(`${id} ${status}${code === undefined ? '' : ` (${code}: ${message})`}`, id);
      }
      report('downloading');
      return { generationId: id, bytes: await download(access, url) };
    },
  };
}
