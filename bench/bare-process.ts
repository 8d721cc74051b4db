import { startBare, type Twin } from './bare.ts';
import { answerQuestions } from './processes.ts';

answerQuestions<readonly Twin[], number>(async (twins) => (await startBare(twins)).port);
