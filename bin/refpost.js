#!/usr/bin/env node
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../dist/main.js';

await run(process, dirname(dirname(fileURLToPath(import.meta.url))));
