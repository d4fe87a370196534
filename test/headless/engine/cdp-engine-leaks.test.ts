import { openTestEngine } from '../../support/engine-folders.ts';
import { pdfEngineLeakContract } from '../../core/pdf-engine-leaks.contract.ts';

pdfEngineLeakContract('The CDP engine on the browser from npm', () => openTestEngine());
