import type { DialectName } from '@genlock/client';
import type { CanonicalCode, CatalogueRow } from '@genlock/contracts';
import { tongues } from './dialects.ts';
import type { Explanation } from './explanation.ts';

/** A way to provoke an error in the emulator, and the call that then reports it (`on`). */
export type Rehearsal =
  /** A directive: the value of `Genlock-Sandbox`, or the text between brackets in a text of the order. */
  | { readonly kind: 'directive'; readonly directive: string; readonly on: string }
  /** A fault in a part of the emulator. */
  | { readonly kind: 'fault'; readonly point: string; readonly effect: string; readonly on: string }
  /** The real cause, set up by a command of the operator. */
  | { readonly kind: 'command'; readonly command: string; readonly on: string };

const ANY_ORDER = 'an order';

type Fault = Extract<Rehearsal, { kind: 'fault' }>;
const fault = (point: string, effect: string, on = ANY_ORDER): Fault => ({
  kind: 'fault',
  point,
  effect,
  on,
});

/** Errors that a broken part of the emulator causes. */
const FAULTS: { readonly [code in CanonicalCode]?: Fault } = {
  limiter_unavailable: fault('limiter', 'down'),
  charge_failed: fault('ledger', 'error'),
  storage_unavailable: fault('store.write', 'error'),
  upstream_unavailable: fault('provider', 'down'),
};

const KEY = 'genlock keys create <account> --dialect DIALECT';
const MODEL = 'genlock models set DIALECT/<model>';

/** A command of the operator that causes the error, and the call that then fails. */
const CAUSES: { readonly [code in CanonicalCode]?: readonly [command: string, on: string] } = {
  unauthenticated: ['genlock keys revoke <key>', 'a call with that key'],
  account_disabled: ['genlock keys pause <key>', 'a call with that key'],
  origin_not_allowed: [`${KEY} --origin https://app.example`, 'a call with that key from elsewhere'],
  ip_not_allowed: [`${KEY} --ip 203.0.113.7`, 'a call with that key from elsewhere'],
  model_inactive: [`${MODEL} --status inactive`, 'an order for that model'],
  model_paused: [`${MODEL} --status paused`, 'an order for that model'],
  model_not_billable: [`${MODEL} --no-billable`, 'an order for that model'],
  no_route: [`${MODEL} --no-route`, 'an order for that model'],
  insufficient_credits: ['genlock accounts create "No credits"', 'an order with a key of that account'],
};

/** Errors that only occur on a read while the store is broken (docs/skytells.md). */
const READS: Readonly<Record<string, Fault>> = {
  FAILED_TO_FETCH_PREDICTION: fault('store.read', 'error', 'a read of a prediction'),
  UNKNOWN_ERROR: fault('store.read', 'garbage', 'a read of a prediction'),
};

/** Every known way to provoke the error, the real cause first. Empty if only some other call can report it. */
export function rehearsalsOf({ error, row, told, asked }: Explanation): readonly Rehearsal[] {
  const wanted = asked ?? error.code;
  if (told === 'job')
    return [{ kind: 'directive', directive: `error=${wanted}`, on: 'an order (which is accepted)' }];
  if (row === undefined) return [];
  const read = error.dialect === 'skytells' ? READS[row.code] : undefined;
  if (read !== undefined) return [read];
  const way = wayTo(error.dialect, row, wanted);
  if (way === undefined) return [];
  const directive = { kind: 'directive', directive: `error=${way.code} at=admit`, on: way.on } as const;
  if (way.on !== ANY_ORDER) return [directive];
  const broken = FAULTS[way.code];
  const cause = CAUSES[way.code];
  return [
    ...(cause === undefined ? [] : [commandOf(cause, error.dialect)]),
    ...(broken === undefined ? [] : [broken]),
    directive,
  ];
}

function commandOf([command, on]: readonly [string, string], dialect: DialectName): Rehearsal {
  return { kind: 'command', command: command.replace('DIALECT', dialect), on };
}

interface PlacedRow extends CatalogueRow {
  /**
   * Skytells: the canonical errors that become this row in one place only. There they take precedence over the `canonical` of other rows.
   */
  readonly placed?: { readonly [place: string]: readonly string[] };
  /** skills.video: the places where this row is used. */
  readonly places?: readonly string[];
}

const PLACES: readonly (readonly [place: string, on: string])[] = [
  ['create', ANY_ORDER],
  ['create_timed', 'an order for video or audio'],
  ['inference', 'a chat'],
  ['IMAGE', 'an order for an image'],
  ['VIDEO', 'an order for a video'],
  ['TTS', 'an order for speech'],
];
const FAMILIES = ['IMAGE', 'VIDEO', 'TTS'];

/** The canonical error that leads to this row, if possible the wanted one, and the call that it must occur in. */
function wayTo(
  dialect: DialectName,
  row: PlacedRow,
  wanted: CanonicalCode,
): { readonly code: CanonicalCode; readonly on: string } | undefined {
  const pick = (codes: readonly string[]) =>
    (codes.includes(wanted) ? wanted : codes.find((code) => !code.includes('/'))) as
      | CanonicalCode
      | undefined;

  if (row.places !== undefined && !FAMILIES.every((family) => row.places?.includes(family))) {
    const place = PLACES.find(([name]) => row.places?.includes(name));
    const code = pick(row.canonical);
    return place === undefined || code === undefined ? undefined : { code, on: place[1] };
  }
  const rows: readonly PlacedRow[] = tongues[dialect].catalogue.rows;
  const taken = rows.flatMap((other) => (other === row ? [] : (other.placed?.create ?? [])));
  const anywhere = pick(row.canonical.filter((code) => !taken.includes(code)));
  if (anywhere !== undefined) return { code: anywhere, on: ANY_ORDER };
  for (const [place, on] of PLACES) {
    const code = pick(row.placed?.[place] ?? []);
    if (code !== undefined) return { code, on };
  }
  return undefined;
}
