/** Ready programs that make a PDF of a library template through the API. */
export const LANGUAGES = ['curl', 'python', 'typescript', 'csharp'] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Record<Language, string> = {
  curl: 'curl',
  python: 'Python',
  typescript: 'TypeScript',
  csharp: 'C#',
};

export interface SnippetFacts {
  /** E.g. `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly templateId: string;
}

/** Reads the data from `data.json` and the secret from the environment, so that neither stands in the program. */
export function snippet(language: Language, facts: SnippetFacts): string {
  return WRITERS[language](facts);
}

/** Within single quotes of a POSIX shell. */
const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A string literal of Python, TypeScript and C#: all three read the escapes of JSON. */
const literal = (text: string): string => JSON.stringify(text);

const curl = ({ url, templateId }: SnippetFacts): string => `URL=${shell(url)}
TOKEN=$(curl -sf "$URL/token" \\
  -d "client_id=$INFLUXION_CLIENT_ID" \\
  -d "client_secret=$INFLUXION_CLIENT_SECRET" \\
  -d "grant_type=client_credentials" |
  sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')

printf '{"html_template": {"id": %s}, "data": %s}' \\
  ${shell(literal(templateId))} "$(cat data.json)" |
  curl -sf "$URL/pdf" \\
    -H "Authorization: Bearer $TOKEN" \\
    -H "Content-Type: application/json" \\
    -d @- -o document.pdf
`;

const python = ({ url, templateId }: SnippetFacts): string => `import json, os, urllib.request

URL = ${literal(url)}

def post(path, body, headers={}):
    request = urllib.request.Request(
        URL + path,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request) as response:
        return response.read()

token = json.loads(post("/token", {
    "client_id": os.environ["INFLUXION_CLIENT_ID"],
    "client_secret": os.environ["INFLUXION_CLIENT_SECRET"],
}))["access_token"]

with open("data.json", encoding="utf-8") as file:
    data = json.load(file)

pdf = post(
    "/pdf",
    {"html_template": {"id": ${literal(templateId)}}, "data": data},
    {"Authorization": f"Bearer {token}"},
)
with open("document.pdf", "wb") as file:
    file.write(pdf)
`;

const typescript = ({
  url,
  templateId,
}: SnippetFacts): string => `import { readFile, writeFile } from 'node:fs/promises';

const URL = ${literal(url)};

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(URL + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return response;
}

const { access_token } = (await (
  await post('/token', {
    client_id: process.env['INFLUXION_CLIENT_ID'],
    client_secret: process.env['INFLUXION_CLIENT_SECRET'],
  })
).json()) as { access_token: string };

const pdf = await post(
  '/pdf',
  { html_template: { id: ${literal(templateId)} }, data: JSON.parse(await readFile('data.json', 'utf8')) },
  { Authorization: \`Bearer \${access_token}\` },
);
await writeFile('document.pdf', new Uint8Array(await pdf.arrayBuffer()));
`;

const csharp = ({ url, templateId }: SnippetFacts): string => `using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

using var http = new HttpClient { BaseAddress = new Uri(${literal(url)}) };

var login = await http.PostAsJsonAsync("/token", new {
    client_id = Environment.GetEnvironmentVariable("INFLUXION_CLIENT_ID"),
    client_secret = Environment.GetEnvironmentVariable("INFLUXION_CLIENT_SECRET"),
});
login.EnsureSuccessStatusCode();
var token = (await login.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!.GetValue<string>();
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

var reply = await http.PostAsJsonAsync("/pdf", new {
    html_template = new { id = ${literal(templateId)} },
    data = JsonNode.Parse(await File.ReadAllTextAsync("data.json")),
});
reply.EnsureSuccessStatusCode();
await File.WriteAllBytesAsync("document.pdf", await reply.Content.ReadAsByteArrayAsync());
`;

const WRITERS: Record<Language, (facts: SnippetFacts) => string> = { curl, python, typescript, csharp };
