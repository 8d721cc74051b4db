export { type KiaraEvent, type KiaraHeaderNames, kiaraReceiver } from './kiara.ts';
export { type LlmtuneEvent, llmtuneReceiver } from './llmtune.ts';
export { type NativeEvent, nativeReceiver } from './native.ts';
export type {
  Delivery,
  Receiver,
  Secrets,
  SignedEvent,
  TestEventOptions,
  Verified,
  VerifyOptions,
} from './receiver.ts';
export type { Refusal, State, WebhookEvent } from './scheme.ts';
export { type SkillsVideoEvent, skillsVideoReceiver } from './skills-video.ts';
export { type SkytellsEvent, skytellsReceiver } from './skytells.ts';
