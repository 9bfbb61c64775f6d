/** The Dockerfile as data: its stages with their instructions in order. */
import { readFileSync } from 'node:fs';
import { DockerfileParser, type Copy, type Instruction } from 'dockerfile-ast';

export interface Step {
  readonly keyword: string;
  /** Everything after the keyword, as it stands. */
  readonly text: string;
  /** Words without flags; of a list in JSON its strings. */
  readonly words: readonly string[];
  /** COPY --from=STAGE. */
  readonly from: string | null;
  /** 1 for the first line. */
  readonly line: number;
}

export interface Stage {
  readonly image: string;
  readonly name: string | null;
  readonly steps: readonly Step[];
}

/** Stages of a Dockerfile; ARG before the first one is put into the names of images. */
export function readDockerfile(path: string): Stage[] {
  const steps = DockerfileParser.parse(readFileSync(path, 'utf8')).getInstructions().map(stepOf);
  const values = new Map<string, string>();
  const stages: { image: string; name: string | null; steps: Step[] }[] = [];
  for (const step of steps) {
    const stage = stages.at(-1);
    if (step.keyword === 'FROM') {
      const image = step.words[0]!.replace(/\$\{(\w+)\}/g, (_, name: string) => values.get(name) ?? '');
      stages.push({ image, name: step.words[2] ?? null, steps: [] });
    } else if (stage) stage.steps.push(step);
    else {
      const [name = '', value = ''] = step.text.split('=');
      values.set(name, value);
    }
  }
  return stages;
}

function stepOf(instruction: Instruction): Step {
  const keyword = instruction.getKeyword();
  const text = instruction.getRawArgumentsContent() ?? '';
  const list = /^(?:CMD )?(\[.*\])$/s.exec(text)?.[1];
  return {
    keyword,
    text,
    words: list ? (JSON.parse(list) as string[]) : instruction.getArguments().map((word) => word.getValue()),
    from: keyword === 'COPY' ? ((instruction as Copy).getFromFlag()?.getValue() ?? null) : null,
    line: instruction.getRange().start.line + 1,
  };
}
