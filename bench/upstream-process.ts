import { answerQuestions } from './processes.ts';
import { startUpstream } from './upstream.ts';

answerQuestions<object, number>(() => startUpstream());
