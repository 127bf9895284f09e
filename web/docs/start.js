// Shows the OpenAPI document with Swagger UI.
SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#swagger-ui", deepLinking: true, filter: true });
