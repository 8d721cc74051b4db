import { tryAll } from './consumer.ts';

/* In Node.js: `node run.js <origin of the service>`. */
console.log(JSON.stringify(await tryAll(process.argv[2] ?? '')));
