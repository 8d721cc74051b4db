/** What the API can do with a prompt, with pictures, or with both. Routes use these names. */
export interface Work {
  /** The path below `/v2beta/stable-image`. */
  readonly path: string;
  /** The form fields of its pictures, in order. */
  readonly pictures?: readonly string[];
  /** The pictures are optional. */
  readonly optional?: boolean;
  /** The field of the prompt; null: it takes none. Default: `prompt`. */
  readonly prompt?: string | null;
  /** It takes neither a seed nor a negative prompt. */
  readonly plain?: boolean;
  /** The model, if one path serves several. */
  readonly model?: string;
  /** The formats that it can write; default: all. */
  readonly formats?: readonly string[];
  /** It answers with an id, which has to be polled. */
  readonly later?: boolean;
}

const IMAGE = ['image'];

const sd3 = (model: string): Work => ({
  path: '/generate/sd3',
  pictures: IMAGE,
  optional: true,
  model,
  formats: ['png', 'jpeg'],
});

export const works: Readonly<Record<string, Work>> = {
  core: { path: '/generate/core' },
  ultra: { path: '/generate/ultra', pictures: IMAGE, optional: true },
  'sd3.5-large': sd3('sd3.5-large'),
  'sd3.5-large-turbo': sd3('sd3.5-large-turbo'),
  'sd3.5-medium': sd3('sd3.5-medium'),
  'sd3.5-flash': sd3('sd3.5-flash'),
  /** Paints the transparent parts of the picture. */
  'edit/inpaint': { path: '/edit/inpaint', pictures: IMAGE },
  'edit/erase': { path: '/edit/erase', pictures: IMAGE, prompt: null },
  'edit/outpaint': { path: '/edit/outpaint', pictures: IMAGE },
  'edit/search-and-replace': { path: '/edit/search-and-replace', pictures: IMAGE },
  'edit/search-and-recolor': { path: '/edit/search-and-recolor', pictures: IMAGE },
  'edit/remove-background': {
    path: '/edit/remove-background',
    pictures: IMAGE,
    prompt: null,
    plain: true,
    formats: ['png', 'webp'],
  },
  'edit/replace-background-and-relight': {
    path: '/edit/replace-background-and-relight',
    pictures: ['subject_image', 'background_reference'],
    prompt: 'background_prompt',
    later: true,
  },
  'control/sketch': { path: '/control/sketch', pictures: IMAGE },
  'control/structure': { path: '/control/structure', pictures: IMAGE },
  'control/style': { path: '/control/style', pictures: IMAGE },
  'control/style-transfer': { path: '/control/style-transfer', pictures: ['init_image', 'style_image'] },
  'upscale/fast': { path: '/upscale/fast', pictures: IMAGE, prompt: null, plain: true },
  'upscale/conservative': { path: '/upscale/conservative', pictures: IMAGE },
  'upscale/creative': { path: '/upscale/creative', pictures: IMAGE, later: true },
};
