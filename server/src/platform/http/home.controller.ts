import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from './access.js';

/** Where a browser that knows only the address ends up. */
@ApiExcludeController()
@Controller()
export class HomeController {
  @Get()
  @Access('public')
  @Redirect('/app', 302)
  home(): void {}

  /** Until there is a web client, the description of the interface is the best thing to see. */
  @Get('app')
  @Access('public')
  @Redirect('/docs', 302)
  app(): void {}
}
