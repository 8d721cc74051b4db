import { answerQuestions } from './processes.ts';
import { answerProvided, type ProvidedAnswer, type ProvidedQuestion } from './provided.ts';

answerQuestions<ProvidedQuestion, ProvidedAnswer>(answerProvided);
