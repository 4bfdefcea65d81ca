import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { Problem } from '@parley/protocol';
import type { z } from 'zod';

/** States what a route answers with when all is well: the status, and the schema of the body unless there is none. */
export function Answers(status: number, schema?: z.ZodType, description = 'Done') {
  return applyDecorators(
    HttpCode(status),
    ApiResponse({ status, description, ...(schema && { standardSchema: schema }) }),
    ApiResponse({ status: 'default', description: 'A problem document', standardSchema: Problem }),
  );
}
