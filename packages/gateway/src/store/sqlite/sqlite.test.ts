import { describeStore } from '../conformance.ts';
import { openTemporary } from './testing.ts';

describeStore('SQLite', () => openTemporary());
