/** Owns the data folder named on the command line until it is killed; says so on stdout. */
import { acquireOwnership } from '../../core/store/owner-lock.ts';

const [data = ''] = process.argv.slice(2);
try {
  const ownership = await acquireOwnership({ data });
  ownership.publish({ url: 'http://127.0.0.1:8787', token: 'secret-of-the-owner' });
  process.stdout.write('owner\n');
  process.stdin.resume();
  process.stdin.on('end', () => {
    ownership.release();
    process.exit(0);
  });
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
}
