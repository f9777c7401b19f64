package issueledger.openapi;

import issueledger.startup.Version;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import org.springframework.context.ApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.yaml.snakeyaml.Yaml;

/** The document that describes the service, written when it is first asked for. */
@RestController
class OpenApiController {
    private final SingletonSupplier<String> json;

    OpenApiController(ApplicationContext service, ServiceDocument document) {
        this.json = SingletonSupplier.of(() -> Schemas.JSON.writeValueAsString(new Document(
                        answered(service.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)))
                .write(document, Version.full())));
    }

    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<String> json() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json.obtain());
    }

    @GetMapping(path = "/v3/api-docs.yaml", produces = MediaType.APPLICATION_YAML_VALUE)
    ResponseEntity<String> yaml() {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_YAML)
                .body(new Yaml().dumpAsMap(Schemas.JSON.readValue(json.obtain(), Object.class)));
    }

    /** Handler methods of the mappings, without those of benchmarks. */
    private static Map<String, Type> answered(RequestMappingHandlerMapping mappings) {
        Map<String, Type> answered = new HashMap<>();
        mappings.getHandlerMethods()
                .forEach((mapping, handler) -> mapping.getPatternValues().stream()
                        .filter(path -> !path.startsWith("/bench/"))
                        .forEach(path -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> answered.put(
                                        method + " " + path, handler.getMethod().getGenericReturnType()))));
        return answered;
    }
}
