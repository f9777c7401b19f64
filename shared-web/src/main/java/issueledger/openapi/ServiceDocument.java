package issueledger.openapi;

import tools.jackson.databind.node.ObjectNode;

/** The part of a service's OpenAPI document that its {@code document.yaml} cannot say: schemas and operations made from the code. */
public interface ServiceDocument {
    /** Adds the kinds and schemas that {@code document.yaml} names, and operations to those of it. */
    void complete(ObjectNode document, Schemas schemas);
}
