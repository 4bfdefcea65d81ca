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
}
