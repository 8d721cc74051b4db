import { membersOf } from '../../upstream/read-members.ts';
import type { FileOrder } from '../../upstream/testing/make-file.ts';

type Members = Readonly<Record<string, unknown>>;

/** A prompt received by the double: its nodes, read as a server would read them. */
export class Prompt {
  readonly #nodes: readonly Members[];
  readonly #ids: readonly string[];

  constructor(prompt: unknown) {
    this.#nodes = Object.values(membersOf(prompt)).map(membersOf);
    this.#ids = Object.keys(membersOf(prompt));
  }

  inputsOf(type: string): Members {
    return membersOf(this.#nodes.find(({ class_type }) => class_type === type)?.inputs);
  }

  has(type: string): boolean {
    return this.#nodes.some(({ class_type }) => class_type === type);
  }

  /** The error of the prompt, as the server reports it. */
  complaint(uploaded: readonly string[]): { readonly type: string; readonly message: string } | undefined {
    if (!this.#nodes.some(({ class_type }) => String(class_type).startsWith('Save')))
      return { type: 'prompt_no_outputs', message: 'Prompt has no outputs' };
    const values = this.#nodes.flatMap(({ inputs }) => Object.values(membersOf(inputs)));
    const links = values.filter((value) => Array.isArray(value));
    const { image = 'example.png' } = this.inputsOf('LoadImage');
    const frame = this.inputsOf(this.has('SaveVideo') ? 'ImageToVideo' : 'EmptyLatentImage');
    const { width, height, length = 1 } = frame;
    const sizes = this.has('SaveAudio') ? [] : [width, height, length];
    const fits =
      links.every(([id]) => this.#ids.includes(id)) &&
      sizes.every((one) => Number.isInteger(one)) &&
      ['example.png', ...uploaded].includes(String(image));
    return fits
      ? undefined
      : { type: 'prompt_outputs_failed_validation', message: 'Prompt outputs failed validation' };
  }

  order(): FileOrder {
    if (this.has('SaveAudio')) {
      const { text } = this.inputsOf('Talk');
      return { kind: 'speech', text: String(text), format: String(this.inputsOf('SaveAudio').format) };
    }
    const film = this.has('SaveVideo');
    const frame = this.inputsOf(film ? 'ImageToVideo' : 'EmptyLatentImage');
    return {
      kind: film ? 'video' : 'image',
      text: String(this.inputsOf('CLIPTextEncode').text),
      width: Number(frame.width),
      height: Number(frame.height),
      ...(film && { seconds: Number(frame.length) / Number(this.inputsOf('SaveVideo').fps) }),
    };
  }

  get count(): number {
    return this.has('SaveImage') ? Number(this.inputsOf('EmptyLatentImage').batch_size) : 1;
  }
}
