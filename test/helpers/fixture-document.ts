/** A small document with one of each thing that the generator reads. */
export const FIXTURE = `openapi: 3.1.0
info:
  title: Notes
  version: '7'
servers:
  - url: https://notes.example.com
security:
  - bearer: []
paths:
  /v2/notes:
    parameters:
      - $ref: '#/components/parameters/TeamId'
    get:
      operationId: listNotes
      parameters:
        - name: slug
          in: query
          schema: { type: string }
        - name: cursor
          in: query
          schema: { type: string, description: Where to go on. }
          example: abc
      responses:
        '200':
          $ref: '#/components/responses/Notes'
        default:
          description: Anything else.
    post:
      operationId: createNote
      deprecated: true
      security: []
      requestBody:
        $ref: '#/components/requestBodies/Note'
      responses:
        '201': { description: Made. }
        '400':
          description: Wrong.
          content:
            application/problem+json:
              schema: { type: object, description: Prose. }
              examples:
                short: { value: { a: 1 } }
  /v1/notes/{note~id}:
    get:
      operationId: getNote
      parameters:
        - { name: note~id, in: path, required: true, schema: { type: string } }
        - { name: since, in: query, schema: { type: integer } }
      responses:
        '200': { description: One., content: { application/json: { schema: { $ref: '#/components/schemas/Note' } } } }
        '204': { description: None. }
    put:
      operationId: replaceNote
      x-safe-to-repeat: false
      responses: { '204': { description: Done. } }
    patch:
      operationId: touchNote
      x-safe-to-repeat: true
      responses: { '204': { description: Done. } }
components:
  parameters:
    TeamId:
      $ref: '#/components/parameters/team~1id'
    team/id:
      name: teamId
      in: query
      schema: { type: string }
  requestBodies:
    Note:
      required: true
      content:
        application/json:
          schema: { $ref: '#/components/schemas/Note' }
          example: { title: Hi }
  responses:
    Notes:
      description: Some.
      content:
        application/json:
          schema: { type: array, items: { $ref: '#/components/schemas/Note' } }
  schemas:
    Note:
      type: object
      title: A note
      description: Prose.
      required: [title]
      properties:
        title: { type: string, description: A property whose name is a keyword. }
        description: { type: string }
        color:
          type: string
          description: An open list.
          x-extensible-enum: [red, "it's"]
        size: { type: string, enum: [small, large] }
        next: { $ref: '#/components/schemas/Note' }
`;
