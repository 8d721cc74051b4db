import type { Generation } from '../../../domain/generation.ts';
import type { Connection } from '../connection.ts';
import { GENERATION_COLUMNS, type GenerationRow, toGeneration } from '../rows/generations.ts';

export const WHOLE = `SELECT ${GENERATION_COLUMNS} FROM generations g JOIN generation_bodies b ON b.seq = g.seq`;

export function generation(db: Connection, id: string): Generation | undefined {
  const row = db.get<GenerationRow>(`${WHOLE} WHERE g.id = ?`, id);
  return row && toGeneration(row);
}
