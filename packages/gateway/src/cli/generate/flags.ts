/** What `genlock generate` was called with. */
export interface GenerateFlags {
  readonly model: string;
  readonly out?: string;
  readonly force: boolean;
  readonly image: readonly string[];
  /** `name=value`, as typed. */
  readonly input: readonly string[];
  /** Members of the order's input, by their names there, of those flags that were given. */
  readonly named: Readonly<Record<string, string | boolean>>;
  readonly maxUsd?: string;
  readonly timeout: number;
  readonly idempotencyKey?: string;
  readonly url?: string;
  readonly key?: string;
  readonly data: string;
  readonly json: boolean;
}

/** Flags that stand for a member of the input of some models. */
export const NAMED_FLAGS = [
  { flag: '--size <WxH>', member: 'size', help: 'of images, e.g. 1280x720' },
  { flag: '--count <n>', member: 'count', help: 'how many images' },
  { flag: '--format <format>', member: 'format', help: 'png, jpeg, webp; mp3, wav (default: by --out)' },
  { flag: '--seconds <n>', member: 'seconds', help: 'length of a clip' },
  { flag: '--resolution <name>', member: 'resolution', help: 'of a clip, e.g. 720p' },
  { flag: '--aspect <w:h>', member: 'aspect', help: 'of a clip, e.g. 16:9' },
  { flag: '--sound', member: 'sound', help: 'a clip with a sound track' },
  { flag: '--voice <name>', member: 'voice', help: 'who speaks' },
  { flag: '--language <tag>', member: 'language', help: 'of speech, e.g. en-GB' },
  { flag: '--negative <text>', member: 'negative_prompt', help: 'what to leave out' },
  { flag: '--max-tokens <n>', member: 'max_tokens', help: 'most that a text may have' },
  { flag: '--temperature <n>', member: 'temperature', help: 'of a text, 0 to 2' },
  { flag: '--seed <n>', member: 'seed', help: 'the same again, where the model can' },
] as const;

/** How one would write a member of an order here: `input.size` is `--size`. */
export function flagOf(param: string): string {
  const member = param.replace(/^input\./, '');
  if (/^(?:images|first_frame|last_frame)\b/.test(member)) return '--image';
  if (member === 'model') return '--model';
  if (member === 'prompt' || member === 'text') return 'the prompt';
  const named = NAMED_FLAGS.find((one) => one.member === member);
  return named === undefined ? `--input ${member}=…` : (named.flag.split(' ')[0] ?? named.flag);
}
