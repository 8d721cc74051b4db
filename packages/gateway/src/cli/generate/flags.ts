/** The arguments of `genlock generate`. */
export interface GenerateFlags {
  readonly model: string;
  readonly out?: string;
  readonly force: boolean;
  readonly image: readonly string[];
  /** `name=value`, as typed. */
  readonly input: readonly string[];
  /** Members of the order's input that were given by flags of their own, by member name. */
  readonly named: Readonly<Record<string, string | boolean>>;
  readonly maxUsd?: string;
  readonly timeout: number;
  readonly idempotencyKey?: string;
  readonly url?: string;
  readonly key?: string;
  readonly data: string;
  readonly json: boolean;
}

/** Flags that set a member of the input, for models that have it. */
export const NAMED_FLAGS = [
  { flag: '--size <WxH>', member: 'size', help: 'size of images, e.g. 1280x720' },
  { flag: '--count <n>', member: 'count', help: 'number of images' },
  { flag: '--format <format>', member: 'format', help: 'png, jpeg, webp; mp3, wav (default: from --out)' },
  { flag: '--seconds <n>', member: 'seconds', help: 'length of a clip' },
  { flag: '--resolution <name>', member: 'resolution', help: 'resolution of a clip, e.g. 720p' },
  { flag: '--aspect <w:h>', member: 'aspect', help: 'aspect ratio of a clip, e.g. 16:9' },
  { flag: '--sound', member: 'sound', help: 'make a clip with a sound track' },
  { flag: '--voice <name>', member: 'voice', help: 'voice for speech' },
  { flag: '--language <tag>', member: 'language', help: 'language of speech, e.g. en-GB' },
  { flag: '--negative <text>', member: 'negative_prompt', help: 'negative prompt: what to leave out' },
  { flag: '--max-tokens <n>', member: 'max_tokens', help: 'maximum length of a text, in tokens' },
  { flag: '--temperature <n>', member: 'temperature', help: 'temperature for text, 0 to 2' },
  { flag: '--seed <n>', member: 'seed', help: 'same seed, same result, if the model supports it' },
] as const;

/** The flag for a member of an order: `--size` for `input.size`. */
export function flagOf(param: string): string {
  const member = param.replace(/^input\./, '');
  if (/^(?:images|first_frame|last_frame)\b/.test(member)) return '--image';
  if (member === 'model') return '--model';
  if (member === 'prompt' || member === 'text') return 'the prompt';
  const named = NAMED_FLAGS.find((one) => one.member === member);
  return named === undefined ? `--input ${member}=…` : (named.flag.split(' ')[0] ?? named.flag);
}
