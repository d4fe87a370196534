import { openTestEngine } from '../../support/engine-folders.ts';
import { pdfEngineContract } from '../../core/pdf-engine.contract.ts';

const GIGABYTE = 1024 ** 3;

pdfEngineContract('The CDP engine on the browser from npm', () =>
  openTestEngine({ printMemoryBytes: 1.5 * GIGABYTE }),
);
