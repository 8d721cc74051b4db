import { COLOURS, type Colour } from './colour.ts';
import { type Shape, shapeNamed } from './shapes.ts';

export type Place = 'hills' | 'studio' | 'sea' | 'desert' | 'snow' | 'city' | 'forest' | 'space' | 'abstract';
export type Light = 'day' | 'dawn' | 'sunset' | 'night';

/** What the sandbox understood of a prompt. */
export type Reading = {
  things: { shape: Shape; colour: Colour | undefined }[];
  /** The first colour that is named anywhere. */
  colour: Colour | undefined;
  place: Place | undefined;
  light: Light | undefined;
};

const PLACES: Record<string, Place> = {};
const LIGHTS: Record<string, Light> = {};
const list = <T>(into: Record<string, T>, value: T, words: string) => {
  for (const word of words.split(' ')) into[word] = value;
};
list<Place>(PLACES, 'hills', 'hill hills mountain mountains alps valley meadow field landscape countryside');
list<Place>(PLACES, 'studio', 'studio table desk kitchen room indoor indoors product shelf interior still');
list<Place>(PLACES, 'sea', 'sea ocean beach lake river coast harbour harbor island water waves underwater');
list<Place>(PLACES, 'desert', 'desert dune dunes sahara canyon mars');
list<Place>(PLACES, 'snow', 'snow snowy winter ice arctic glacier');
list<Place>(PLACES, 'city', 'city street skyline town urban downtown cyberpunk tokyo paris london');
list<Place>(PLACES, 'forest', 'forest woods jungle grove park garden');
list<Place>(PLACES, 'space', 'space galaxy cosmos nebula orbit planet planets universe stars');
list<Place>(PLACES, 'abstract', 'abstract pattern wallpaper gradient texture geometric shapes fractal logo');
list<Light>(LIGHTS, 'dawn', 'dawn morning sunrise mist misty fog foggy pastel');
list<Light>(LIGHTS, 'sunset', 'sunset dusk evening twilight autumn warm');
list<Light>(LIGHTS, 'night', 'night midnight moon moonlight moonlit dark neon starry');
list<Light>(LIGHTS, 'day', 'day noon sunny bright summer spring');

/** A colour belongs to a thing at most three words later: "a red enamel mug". */
const REACH = 3;
const MOST_THINGS = 3;

/** Finds, in the first 400 words of a prompt, what the sandbox can draw. */
export function readPrompt(prompt: string): Reading {
  const reading: Reading = { things: [], colour: undefined, place: undefined, light: undefined };
  let pending: { colour: Colour; at: number } | undefined;
  const words = prompt.toLowerCase().match(/\p{L}+/gu) ?? [];
  for (const [at, word] of words.slice(0, 400).entries()) {
    const shape = shapeNamed(word);
    const next = words[at + 1];
    // "an orange cat": a word that names both a colour and a thing is a colour if a thing follows.
    const colour = shape && !(next && shapeNamed(next)) ? undefined : named(COLOURS, word);
    if (colour) {
      pending = { colour, at };
      reading.colour ??= colour;
    } else if (shape && reading.things.length < MOST_THINGS) {
      if (reading.things.some((thing) => thing.shape === shape)) continue;
      const own = pending && at - pending.at <= REACH ? pending.colour : undefined;
      reading.things.push({ shape, colour: own });
      pending = undefined;
    }
    reading.place ??= named(PLACES, word);
    reading.light ??= named(LIGHTS, word);
  }
  reading.place ??= reading.things[0]?.shape.place;
  return reading;
}

function named<T>(table: Record<string, T>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
