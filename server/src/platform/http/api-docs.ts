import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The OpenAPI 3.1 description of every route, made from the same schemas that check the input. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('Parley')
      .setDescription('REST interface of the Parley messaging backend. The same routes answer under /v1.')
      .setVersion('1')
      .addBearerAuth()
      .build(),
  );
  // Each route answers at the root and under /v1; describing it once is enough.
  const paths = Object.entries(document.paths).filter(([path]) => !path.startsWith('/v1/') && path !== '/v1');
  return { ...document, paths: Object.fromEntries(paths) };
}

/** Serves Swagger UI at /docs and the document at /docs/openapi.json. */
export function serveApiDocs(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
    customSiteTitle: 'Parley API',
  });
}
