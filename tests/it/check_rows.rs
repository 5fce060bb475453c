//! Single rows of the checklist, each on the smallest project that shows it.

use crate::support::{Tree, unlike_words};
use serde_json::Value;

/// A repository with `files`; `@` followed by a digit is a value, the same for the same digit.
fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::repository();
    for (path, text) in files {
        let mut text = (*text).to_owned();
        for seed in 1..=4_u64 {
            text = text.replace(&format!("@{seed}"), &unlike_words(seed));
        }
        tree = tree.file(path, text);
    }
    tree
}

fn row(files: &[(&str, &str)], id: &str) -> Value {
    let run = tree(files).caulk(&["check", "-q", "-f", "json", "--only", id]).run();
    let report = run.json();
    report["checks"].as_array().expect("a list").iter().find(|row| row["id"] == id).expect("the row is there").clone()
}

#[track_caller]
fn expect(id: &str, verdict: &str, files: &[(&str, &str)]) {
    let row = row(files, id);
    assert_eq!(row["verdict"], verdict, "{files:?}\n{row:#}");
}

#[test]
fn environment_files() {
    expect("env-ignored", "not applicable", &[("a.py", "print(1)\n")]);
    expect("env-ignored", "fail", &[("a.py", "from dotenv import load_dotenv\n")]);
    expect("env-ignored", "fail", &[("web/a.js", "require('dotenv').config()\n")]);
    expect("env-ignored", "review", &[("a.py", "import os\nos.environ['API_KEY']\n")]);
    expect("env-ignored", "review", &[("a.py", "from dotenv import load_dotenv\n"), (".gitignore", ".env\n")]);
    expect("env-ignored", "pass", &[("a.py", "from dotenv import load_dotenv\n"), (".gitignore", ".env*\n")]);
    // A deeper rule takes the upper one back, as in git.
    let compose = "services:\n  a:\n    image: x:1\n    env_file: api/.env\n";
    expect(
        "env-ignored",
        "fail",
        &[("compose.yml", compose), (".gitignore", ".env*\n"), ("api/.gitignore", "!.env\n")],
    );
    expect("env-ignored", "not applicable", &[("a.py", "# from dotenv import load_dotenv\n'''load_dotenv()'''\n")]);
    expect("env-example-real", "fail", &[(".env.example", "API_KEY=@1\n")]);
    expect(
        "env-example-real",
        "pass",
        &[(".env.example", "API_KEY=your-api-key\nDB_PASSWORD=changeme\nURL=postgres://user:password@localhost/db\n")],
    );
    expect(
        "env-example-missing",
        "pass",
        &[("a.py", "import os\nos.environ['API_KEY']\n"), ("README.md", "Set `API_KEY`.\n")],
    );
    expect("env-reused", "fail", &[("a/.env.prod", "API_KEY=@1\n"), ("b/.env.staging", "TOKEN=x\nKEY_API_KEY=@1\n")]);
    expect(
        "env-image",
        "pass",
        &[("Dockerfile", "FROM a:1\nCOPY . /\n"), (".dockerignore", "**/.env\n"), (".env.example", "A=\n")],
    );
    expect(
        "env-image",
        "fail",
        &[("Dockerfile", "FROM a:1\nCOPY . /\n"), (".dockerignore", ".env*\n!.env\n"), (".env.example", "A=\n")],
    );
    expect("env-image", "fail", &[("Dockerfile", "FROM a:1\nCOPY config/.env.prod /app/\n")]);
    expect(
        "env-image",
        "pass",
        &[("Dockerfile", "FROM a:1 AS b\nFROM c:1\nCOPY --from=b . /\n"), (".env.example", "A=\n")],
    );
}

#[test]
fn code() {
    expect("code-literal", "fail", &[("a.ts", "const client = new Client({ apiKey: \"@1\" });\n")]);
    expect("code-literal", "review", &[("a.ts", "// new Client({ apiKey: \"@1\" })\nconst a = 1;\n")]);
    expect(
        "code-literal",
        "pass",
        &[("tests/a.py", "api_key = \"@1\"\n"), ("a.py", "import os\nos.environ['API_KEY']\n")],
    );
    expect("code-default", "fail", &[("a.go", "k := getEnv(\"JWT_SECRET\", \"dev-secret\")\n")]);
    expect(
        "code-default",
        "fail",
        &[(
            "compose.yml",
            "services:\n  a:\n    image: b:1\n    environment:\n      - JWT_SECRET=${JWT_SECRET:-abc}\n",
        )],
    );
    expect("code-default", "fail", &[("application.properties", "app.jwt-secret=${JWT_SECRET:abc}\n")]);
    expect(
        "code-default",
        "pass",
        &[("a.py", "import os\nos.getenv('API_KEY', '')\nos.getenv('DATABASE_URL', 'postgres://u:p@localhost/x')\n")],
    );
    // A provider refuses a stand-in, a database takes any password.
    expect("code-default", "pass", &[("a.js", "const k = process.env.GITHUB_SECRET || 'APP_SECRET';\n")]);
    expect("code-default", "fail", &[("a.js", "const k = process.env.DB_PASSWORD || 'changeme';\n")]);
    expect("code-unwrapped-log", "pass", &[("a.py", "log.info('no api_key given')\nprint(len(api_key))\n")]);
    expect("code-weak-kdf", "pass", &[("a.py", "import bcrypt\nbcrypt.hashpw(password, bcrypt.gensalt())\n")]);
    expect("code-weak-kdf", "fail", &[("A.java", "Cipher.getInstance(\"AES/ECB/PKCS5Padding\");\n")]);
    expect("code-weak-secret", "fail", &[("a.js", "const t = jwt.sign({ id }, 'hunter');\n")]);
    expect("code-weak-secret", "pass", &[("config.py", "JWT_SECRET_KEY = \"@1@2\"\n")]);
    expect("code-master-key", "fail", &[("a.py", "from cryptography.fernet import Fernet\nFernet(b\"@1@2\")\n")]);
    expect("code-tls-off", "review", &[("a.py", "if insecure:\n    ctx.verify_mode = ssl.CERT_NONE\n")]);
    expect("code-tls-off", "fail", &[("Dockerfile", "FROM a:1\nRUN curl -fsSLk https://x.io | sh\n")]);
    expect("code-tls-off", "fail", &[("app.yaml", "hook: http://me:@1@api.acme.io/x\n")]);
}

#[test]
fn configuration() {
    expect("auth-none", "pass", &[("values.yaml", "AUTH_ENABLED: true\n")]);
    expect("auth-none", "not applicable", &[("deploy/dev.env", "AUTH_PROVIDER=none\n")]);
    expect("conf-debug", "fail", &[("Dockerfile", "FROM a:1\nENV DEBUG=1\n")]);
    expect(
        "conf-debug",
        "review",
        &[("docker-compose.yml", "services:\n  a:\n    image: b:1\n    environment: {DEBUG: \"true\"}\n")],
    );
    expect(
        "conf-debug",
        "not applicable",
        &[("docker-compose.dev.yml", "services:\n  a:\n    image: b:1\n    environment: {DEBUG: \"true\"}\n")],
    );
}

#[test]
fn data() {
    expect(
        "db-sqlite-prod",
        "fail",
        &[("config/database.yml", "production:\n  adapter: sqlite3\ntest:\n  adapter: sqlite3\n")],
    );
    expect(
        "db-sqlite-prod",
        "pass",
        &[("config/database.yml", "production:\n  adapter: postgresql\ntest:\n  adapter: sqlite3\n")],
    );
    expect(
        "db-weak-password",
        "fail",
        &[(
            "compose.yml",
            "services:\n  d:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: postgres\n",
        )],
    );
    expect(
        "db-weak-password",
        "pass",
        &[(
            "compose.yml",
            "services:\n  d:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n",
        )],
    );
    expect("db-tls-off", "not applicable", &[("app.env", "DATABASE_URL=postgres://u:@1@db/x?sslmode=disable\n")]);
    expect("db-tls-off", "fail", &[("app.env", "DATABASE_URL=postgres://u:@1@db.acme.io/x?sslmode=disable\n")]);
    for (port, verdict) in
        [("5432:5432", "fail"), ("127.0.0.1:5432:5432", "pass"), ("${PORT:-5432}:5432", "fail"), ("5432", "pass")]
    {
        expect(
            "db-exposed",
            verdict,
            &[("compose.yml", &format!("services:\n  d:\n    image: postgres:16\n    ports: [\"{port}\"]\n"))],
        );
    }
}

#[test]
fn storage() {
    expect(
        "s3-static-keys",
        "fail",
        &[(
            ".github/workflows/d.yml",
            "on: push\njobs:\n  d:\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          aws-access-key-id: ${{ secrets.KEY_ID }}\n",
        )],
    );
    expect(
        "s3-public",
        "fail",
        &[(
            "t.yaml",
            "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      AccessControl: PublicRead\n",
        )],
    );
    expect(
        "s3-unversioned",
        "pass",
        &[(
            "t.yaml",
            "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      VersioningConfiguration: {Status: Enabled}\n",
        )],
    );
}

#[test]
fn containers() {
    expect("docker-root", "fail", &[("Dockerfile", "FROM a:1\nUSER app\nFROM b:1\nCMD x\n")]);
    expect("docker-root", "pass", &[("Dockerfile", "FROM a:1 AS base\nUSER app\nFROM base\nCMD x\n")]);
    expect("docker-root", "pass", &[("Dockerfile", "FROM gcr.io/distroless/static:nonroot\nCMD x\n")]);
    expect("docker-root", "review", &[("Dockerfile", "FROM scratch\nCOPY x /x\nENTRYPOINT [\"/x\"]\n")]);
    expect("docker-latest", "fail", &[("Dockerfile", "ARG BASE=python\nFROM ${BASE}\n")]);
    expect("docker-latest", "pass", &[("Dockerfile", "ARG V=3.12\nFROM localhost:5000/python:${V} AS a\nFROM a\n")]);
    expect("docker-latest", "not applicable", &[("Dockerfile", "FROM $BASE\n")]);
    expect(
        "docker-secret-layer",
        "pass",
        &[("Dockerfile", "FROM a:1\nRUN --mount=type=secret,id=x cat /run/secrets/x\n")],
    );
    expect("docker-secret-layer", "fail", &[("Dockerfile", "FROM a:1\nARG NPM_TOKEN\nRUN npm ci\n")]);
    expect(
        "docker-secret-layer",
        "fail",
        &[(
            "compose.yml",
            "services:\n  a:\n    build:\n      context: .\n      args:\n        - NPM_TOKEN=${NPM_TOKEN}\n",
        )],
    );
    expect(
        "docker-socket",
        "fail",
        &[("k8s.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  volumes:\n    - hostPath: {path: /var/run/docker.sock}\n")],
    );
    expect(
        "k8s-secret-plain",
        "pass",
        &[("s.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  k: e30xMjM0\nsops: {mac: x}\n")],
    );
    // Helm fills it in: nothing can be read.
    expect(
        "k8s-secret-plain",
        "pass",
        &[(
            "chart/templates/s.yaml",
            "{{- if .Values.on }}\napiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  k: {{ .Values.k | b64enc }}\n{{- end }}\n",
        )],
    );
    expect(
        "k8s-env-literal",
        "not applicable",
        &[(
            "d.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      env:\n        - name: MODE\n          value: x\n",
        )],
    );
    expect(
        "k8s-namespace",
        "pass",
        &[
            ("k/kustomization.yaml", "namespace: a\n"),
            (
                "k/d.yaml",
                "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      envFrom:\n        - secretRef: {name: s}\n",
            ),
        ],
    );
}

#[test]
fn pipelines_and_policy() {
    let workflow = |steps: &str| {
        format!("on: push\njobs:\n  a:\n    env:\n      TOKEN_A: ${{{{ secrets.A }}}}\n    steps:\n{steps}")
    };
    for (steps, verdict) in [
        ("      - run: echo \"$TOKEN_A\"\n", "fail"),
        ("      - run: echo \"$TOKEN_A\" | docker login --password-stdin\n", "pass"),
        ("      - run: echo \"t=$TOKEN_A\" >> $GITHUB_OUTPUT\n", "fail"),
        (
            "      - run: echo ${{ secrets.A }} > a.txt\n      - uses: actions/upload-artifact@v4\n        with: {path: out/a.txt}\n",
            "fail",
        ),
        ("      - run: echo done\n", "pass"),
    ] {
        expect("ci-echo", verdict, &[(".github/workflows/a.yml", &workflow(steps))]);
    }
    expect(
        "ci-untrusted",
        "pass",
        &[(
            ".github/workflows/a.yml",
            "on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n",
        )],
    );
    expect("ci-untrusted", "not applicable", &[(".gitlab-ci.yml", "a:\n  script: [x]\n")]);
    expect("ci-no-scan", "pass", &[(".gitlab-ci.yml", "a:\n  script:\n    - npm audit\n")]);
    expect(
        "ci-no-scan",
        "review",
        &[(".gitlab-ci.yml", "a:\n  script: [make]\n"), ("Makefile", "check:\n\tgosec ./...\n")],
    );
    expect("ci-no-scan", "fail", &[(".gitlab-ci.yml", "# trivy\na:\n  script: [make]\n")]);
    expect(
        "ci-literal",
        "pass",
        &[(
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    services:\n      db:\n        image: postgres:16\n        env: {POSTGRES_PASSWORD: postgres}\n",
        )],
    );
    expect("policy-security-md", "review", &[("SECURITY.md", "Tell us privately.\n")]);
    expect("policy-security-md", "pass", &[(".github/SECURITY.md", "See https://acme.io/security to report.\n")]);
    expect("policy-security-md", "fail", &[("vendor/x/SECURITY.md", "a@acme.io\n")]);
    expect("net-plain-http", "pass", &[("Caddyfile", "acme.io {\n  reverse_proxy app:80\n}\n")]);
    expect(
        "net-plain-http",
        "fail",
        &[("i.yaml", "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: {rules: []}\n")],
    );
    expect("net-cors-any", "fail", &[("a.js", "const cors = require('cors');\napp.use(cors());\n")]);
}

#[test]
fn what_cannot_be_read_is_said_and_fails_nothing() {
    let deep = "[".repeat(3000);
    let broken: Vec<(&str, &str)> = vec![
        ("compose.yml", "services:\n  a: [\n  - b: : c\n"),
        ("k8s/a.yaml", "apiVersion: v1\nkind: \"Secret\n"),
        ("deep.yaml", &deep),
        ("a.toml", "= = =\n"),
        ("main.tf", "resource \"aws_s3_bucket\" {{{{ \n"),
        ("Dockerfile", "FROM \\\n\\\n"),
        ("nginx.conf", "server { listen 443 ssl; { { \"\n"),
        (".github/workflows/a.yml", "on: {{ x }}\njobs: *missing\n"),
        ("a.py", "def f(:\n  '''never closed\n os.getenv('API_KEY'\n"),
        (".env", "=\n==\n\u{0}A\nexport\n"),
    ];
    let tree = tree(&broken).file("latin.yaml", b"k: \xe9\xff\n").file("latin.py", b"x = '\xff\xfe'\n");
    let run = tree.caulk(&["check", "-q", "-f", "json"]).run();
    let report = run.json();
    let unread: Vec<&str> =
        report["notUnderstood"].as_array().expect("a list").iter().filter_map(|one| one["what"].as_str()).collect();
    assert_eq!(unread, [".github/workflows/a.yml", "a.toml", "compose.yml", "deep.yaml", "k8s/a.yaml"]);
    let places = report["checks"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|row| row["verdict"] == "fail")
        .flat_map(|row| row["evidence"].as_array().expect("a list"));
    let blamed: Vec<&str> =
        places.filter_map(|one| one["path"].as_str()).filter(|path| unread.contains(path)).collect();
    // That a pipeline holds no scan can be told from its text.
    assert_eq!(blamed, [".github/workflows/a.yml"]);
}

#[test]
fn anchors_and_several_documents_are_followed() {
    let text = "x: &env\n  API_TOKEN: @1\nservices:\n  a:\n    image: b:1\n    environment:\n      <<: *env\n---\nservices: {}\n";
    expect("compose-literal", "fail", &[("compose.yml", text)]);
}

#[test]
fn pipelines_that_wait_for_people_or_test_databases_do_not_fail() {
    let job = |condition: &str| {
        format!(
            "on: pull_request_target\njobs:\n  a:\n{condition}    steps:\n      - uses: actions/checkout@v4\n        with: {{ref: '${{{{ github.event.pull_request.head.sha }}}}'}}\n"
        )
    };
    expect("ci-untrusted", "fail", &[(".github/workflows/a.yml", &job(""))]);
    expect("ci-untrusted", "pass", &[(".github/workflows/a.yml", &job("    if: github.event.pull_request.merged\n"))]);
    let literal = |value: &str| format!("on: push\nenv:\n  DB_PASSWORD: {value}\n");
    expect("ci-literal", "fail", &[(".github/workflows/a.yml", &literal("@1"))]);
    let chosen = ["Pa", "ss4", "w9rd!"].concat();
    expect("ci-literal", "review", &[(".github/workflows/a.yml", &literal(&chosen))]);
}

#[test]
fn what_everybody_may_know_is_no_secret() {
    let secret =
        |key: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData:\n  {key}: \"@1\"\n");
    expect("k8s-secret-plain", "pass", &[("s.yaml", &secret("tls.crt"))]);
    expect("k8s-secret-plain", "fail", &[("s.yaml", &secret("tls.key"))]);
    expect("code-weak-secret", "not applicable", &[("A.java", "static final String SESSION_KEY = \"sessionKey\";\n")]);
    expect("code-weak-secret", "not applicable", &[("a.py", "LOGIN_SESSION_KEY = 'account_login'\n")]);
    expect("code-weak-secret", "fail", &[("a.env", "SESSION_SECRET=Zk3\n")]);
    expect(
        "env-reused",
        "review",
        &[("config/a.prod.yml", "password: @1\n"), ("config/a.example.yml", "password: @1\n")],
    );
}
