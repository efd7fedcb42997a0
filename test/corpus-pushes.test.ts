import { kindsOfPush } from './corpus/all.ts';
import { play } from './corpus/play.ts';
import { sha256Cases } from './corpus/pushes.ts';

play(kindsOfPush);
play(sha256Cases, 'sha256');
