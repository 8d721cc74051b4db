import type { SourceMedia } from '../../domain/request.ts';
import type { MediaFacts } from '../../gateway/core.ts';

export interface TextField {
  readonly type: 'text';
  /** In Unicode code points. */
  readonly max: number;
  /** Empty text counts as absent; otherwise it is refused. */
  readonly mayBeBlank?: boolean;
}

export interface IntegerField {
  readonly type: 'integer';
  readonly min: number;
  readonly max: number;
  readonly default?: number;
}

export interface ChoiceField {
  readonly type: 'choice';
  readonly values: readonly string[];
  readonly default?: string;
}

export interface FlagField {
  readonly type: 'flag';
  readonly default?: boolean;
}

/** A public URL or, in multipart, a file. */
export interface FileField {
  readonly type: 'file';
  readonly media: Exclude<MediaFacts['kind'], 'text'>;
  readonly role: SourceMedia['role'];
}

/** Several of them, in order. */
export interface FilesField extends Omit<FileField, 'type'> {
  readonly type: 'files';
  readonly max: number;
}

/** A field of a model, as data that bodies are checked by and the OpenAPI document is made from. */
export type Field = TextField | IntegerField | ChoiceField | FlagField | FileField | FilesField;
export type Fields = Readonly<Record<string, Field>>;

/** No limit is published; a real prompt is never longer. */
export const MAX_PROMPT = 10_000;

export const text = (max = MAX_PROMPT): TextField => ({ type: 'text', max });
export const integer = (min: number, max: number, value?: number): IntegerField => ({
  type: 'integer',
  min,
  max,
  ...(value !== undefined && { default: value }),
});
export const choice = (values: readonly string[], value?: string): ChoiceField => ({
  type: 'choice',
  values,
  ...(value !== undefined && { default: value }),
});
export const flag = (value?: boolean): FlagField => ({
  type: 'flag',
  ...(value !== undefined && { default: value }),
});
export const file = (role: FileField['role'], media: FileField['media'] = 'image'): FileField => ({
  type: 'file',
  media,
  role,
});
export const files = (max: number, role: FileField['role'] = 'reference'): FilesField => ({
  type: 'files',
  media: 'image',
  role,
  max,
});

/** The fields of nearly every model (contract section 3). */
export const N = integer(1, 4, 1);
export const SEED = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
export const NEGATIVE: TextField = { type: 'text', max: MAX_PROMPT, mayBeBlank: true };
