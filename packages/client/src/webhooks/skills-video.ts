import { skillsVideo } from '../dialects/skills-video.ts';
import { isObject, text } from '../json.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import type { State } from './scheme.ts';
import { standardSignature } from './standard.ts';

export type SkillsVideoEvent =
  | 'task.created'
  | 'task.started'
  | 'task.completed'
  | 'task.failed'
  | 'task.canceled';

const EVENTS = {
  'task.created': 'created',
  'task.started': 'started',
  'task.completed': 'succeeded',
  'task.failed': 'failed',
  'task.canceled': 'canceled',
} as const satisfies Record<SkillsVideoEvent, State>;

const WIRE: Readonly<Record<SkillsVideoEvent, readonly [state: string, status: string]>> = {
  'task.created': ['queued', 'IN_QUEUE'],
  'task.started': ['running', 'IN_PROGRESS'],
  'task.completed': ['succeeded', 'COMPLETED'],
  'task.failed': ['failed', 'FAILED'],
  'task.canceled': ['canceled', 'CANCELED'],
};

/** Standard Webhooks with the payload of contract section 12. */
export function skillsVideoReceiver(): Receiver<'skills-video', SkillsVideoEvent> {
  return createReceiver<'skills-video', SkillsVideoEvent>({
    dialect: skillsVideo,
    events: EVENTS,
    ...standardSignature,
    open({ type, prediction }, headers) {
      const name = text(type);
      if (name === undefined || !isObject(prediction)) return undefined;
      return { name, id: headers.get('webhook-id') ?? undefined, job: prediction };
    },
    payload(type, job, _id, timestamp) {
      const [state, status] = WIRE[type];
      const error = type === 'task.failed' ? { code: 'IMAGE_GENERATION_FAILED', message: 'A test.' } : {};
      return { type, timestamp, prediction: { state, status, data: null, ...error, ...job } };
    },
  });
}
