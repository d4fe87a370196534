import { TemplateDetail, TemplateImportQuery, TemplateList } from '../../../contract/template.ts';
import { json, type BodyDoc, type OperationDoc } from './operation.ts';

const ZIP: readonly BodyDoc[] = [{ type: 'application/zip' }];

const TEMPLATE = {
  id: 'invoice',
  name: 'Invoice',
  description: 'An invoice with line items',
  samples: ['default'],
  updated_at: '2026-01-01T12:00:00.000Z',
  problem: null,
};

export const TEMPLATE_OPERATIONS: readonly OperationDoc[] = [
  {
    method: 'get',
    path: '/templates',
    id: 'listTemplates',
    tag: 'Templates',
    summary: 'List the templates',
    scope: 'templates.read',
    replies: [
      { status: 200, description: 'All of them', bodies: json(TemplateList, { templates: [TEMPLATE] }) },
    ],
  },
  {
    method: 'post',
    path: '/templates',
    id: 'importTemplate',
    tag: 'Templates',
    summary: 'Add a template from a zip of its folder',
    scope: 'templates.write',
    query: TemplateImportQuery,
    bodies: ZIP,
    replies: [
      {
        status: 201,
        description: 'Added',
        headers: { Location: 'Where it is' },
        bodies: json(TemplateDetail),
      },
    ],
    problems: ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'TEMPLATE_EXISTS', 'TEMPLATE_INVALID'],
  },
  {
    method: 'get',
    path: '/templates/:id',
    id: 'getTemplate',
    tag: 'Templates',
    summary: 'One template with its texts',
    scope: 'templates.read',
    replies: [{ status: 200, description: 'The template', bodies: json(TemplateDetail) }],
    problems: ['TEMPLATE_NOT_FOUND'],
  },
  {
    method: 'put',
    path: '/templates/:id',
    id: 'replaceTemplate',
    tag: 'Templates',
    summary: 'Add or replace a template from a zip',
    scope: 'templates.write',
    bodies: ZIP,
    replies: [
      { status: 200, description: 'Replaced', bodies: json(TemplateDetail) },
      { status: 201, description: 'Added', bodies: json(TemplateDetail) },
    ],
    problems: ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'TEMPLATE_INVALID'],
  },
  {
    method: 'delete',
    path: '/templates/:id',
    id: 'deleteTemplate',
    tag: 'Templates',
    summary: 'Delete a template',
    scope: 'templates.write',
    replies: [{ status: 204, description: 'Deleted' }],
    problems: ['TEMPLATE_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/templates/:id/export',
    id: 'exportTemplate',
    tag: 'Templates',
    summary: 'The folder of a template as a zip',
    scope: 'templates.read',
    replies: [{ status: 200, description: 'The zip', bodies: ZIP }],
    problems: ['TEMPLATE_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/templates/:id/samples/:sample',
    id: 'getSample',
    tag: 'Templates',
    summary: 'Sample data of a template',
    scope: 'templates.read',
    replies: [{ status: 200, description: 'The data', bodies: [{ type: 'application/json' }] }],
    problems: ['TEMPLATE_NOT_FOUND'],
  },
];
