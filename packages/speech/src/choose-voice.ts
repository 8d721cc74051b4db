import { languageOfScript } from './script.ts';
import { VOICES } from './voices.ts';

/** Names that callers use for languages that eSpeak lists under another tag. */
const ALIASES: Readonly<Record<string, string>> = {
  en: 'en-us',
  'en-uk': 'en-gb',
  english: 'en-us',
  fr: 'fr-fr',
  french: 'fr-fr',
  no: 'nb',
  norwegian: 'nb',
  zh: 'cmn',
  'zh-hk': 'yue',
  'zh-yue': 'yue',
  'es-mx': 'es-419',
  'pt-pt': 'pt',
  iw: 'he',
};

/** The ordinary speakers among eSpeak's variants; the others whisper, croak or sound like robots. */
const VARIANTS = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'f1', 'f2', 'f3', 'f4', 'f5'] as const;

const TAGS: ReadonlySet<string> = new Set(VOICES.map(([tag]) => tag));
const TAG_OF_LANGUAGE: ReadonlyMap<string, string> = new Map(
  VOICES.map(([tag, language]) => [language.toLowerCase(), tag] as const).reverse(), // the first tag of a language wins
);

/** The voice tag for a BCP 47 tag or an English language name, in upper or lower case; undefined if eSpeak has none. */
export function voiceTag(name: string): string | undefined {
  const wanted = name.trim().toLowerCase().replaceAll('_', '-');
  const exact = TAGS.has(wanted) ? wanted : (own(ALIASES, wanted) ?? TAG_OF_LANGUAGE.get(wanted));
  if (exact !== undefined) return exact;
  const cut = wanted.lastIndexOf('-'); // de-AT uses the voice of de
  return cut > 0 && /^[a-z]{2,3}-/.test(wanted) ? voiceTag(wanted.slice(0, cut)) : undefined;
}

/**
 * eSpeak's voice argument for the requested voice. It is always made from our own tables, never from the caller's text. A voice name that
 * is not a language ("nova", "Rachel") selects a variant by its hash, so that different names sound different.
 */
export function chooseVoice(text: string, voice?: string, language?: string): string {
  const [base = '', asked = ''] = (voice ?? '').split('+', 2);
  const ofVoice = voiceTag(base);
  const tag = ofVoice ?? voiceTag(language ?? '') ?? languageOfScript(text) ?? 'en-us';
  const variant = VARIANTS.find((known) => known === (asked || base).trim().toLowerCase());
  if (variant !== undefined) return `${tag}+${variant}`;
  return ofVoice !== undefined || base.trim() === '' ? tag : `${tag}+${variantFor(base)}`;
}

function variantFor(name: string): string {
  let hash = 0x811c9dc5; // FNV-1a
  for (const byte of new TextEncoder().encode(name.trim().toLowerCase())) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return VARIANTS[hash % VARIANTS.length] ?? 'm1';
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
